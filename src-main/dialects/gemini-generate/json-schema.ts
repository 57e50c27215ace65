import { asList, asObject, type JsonObject } from '../json-value.ts';
import { resolvePointer } from './json-pointer.ts';

export interface AdaptedSchema {
  schema: JsonObject;
  /** Keywords whose constraint could not be kept, sorted. */
  dropped: string[];
}

/** Schemas nest this deep at most; a hostile one is cut there instead of exhausting the stack. */
const maxDepth = 100;
/** References of references multiply; past this many nodes the rest is left open. */
const maxNodes = 20_000;

const kept = new Set(['title', 'description', 'enum', 'minItems', 'maxItems', 'minimum', 'maximum', 'propertyOrdering', 'type']);
/** Say nothing about values, or are resolved elsewhere. */
const silent = new Set(['$schema', '$comment', '$id', '$anchor', '$defs', 'definitions', '$ref', 'allOf', 'required']);
const knownFormats = new Set(['date-time', 'date', 'time', 'enum', 'int32', 'int64', 'float', 'double']);

interface Adaptation {
  root: JsonObject;
  dropped: Set<string>;
  nodes: number;
}

/**
 * Fits a JSON Schema to what Gemini takes as `parametersJsonSchema` and `responseJsonSchema`: unknown keywords, which
 * are a 400 there, are dropped; `$ref`s are replaced by what they point to; `const`, `allOf`, exclusive limits, tuples
 * and `nullable` are said in other words. A schema that contains itself is cut to an open object at that point.
 */
export function adaptSchema(schema: JsonObject): AdaptedSchema {
  const adaptation: Adaptation = { root: schema, dropped: new Set(), nodes: 0 };
  const adapted = adaptNode(schema, adaptation, [], 0);
  return { schema: adapted, dropped: [...adaptation.dropped].sort() };
}

function adaptNode(value: unknown, adaptation: Adaptation, openRefs: readonly string[], depth: number): JsonObject {
  const node = asObject(value);
  if (node === null) {
    if (value !== true) adaptation.dropped.add(String(value));
    return {};
  }
  if (depth > maxDepth || ++adaptation.nodes > maxNodes) {
    adaptation.dropped.add('nesting');
    return { type: 'object' };
  }
  const ref = node['$ref'];
  if (typeof ref === 'string') return adaptReference(node, ref, adaptation, openRefs, depth);

  const recurse = (child: unknown): JsonObject => adaptNode(child, adaptation, openRefs, depth + 1);
  const out: JsonObject = {};
  for (const [keyword, child] of Object.entries(node)) adaptKeyword(out, keyword, child, { node, adaptation, recurse });
  for (const branch of asList(node['allOf'])) mergeInto(out, recurse(branch));
  adaptRequired(out, node['required']);
  return out;
}

/** Gemini allows nothing beside `$ref`, so what stands beside it is laid over what it points to. */
function adaptReference(node: JsonObject, ref: string, adaptation: Adaptation, openRefs: readonly string[], depth: number): JsonObject {
  const { $ref: _, ...beside } = node;
  if (openRefs.includes(ref)) {
    adaptation.dropped.add('recursive $ref');
    return { type: 'object', ...(typeof node['description'] === 'string' && { description: node['description'] }) };
  }
  const target = asObject(resolvePointer(adaptation.root, ref));
  if (target === null) adaptation.dropped.add('$ref');
  return adaptNode({ ...target, ...beside }, adaptation, [...openRefs, ref], depth + 1);
}

interface Place {
  node: JsonObject;
  adaptation: Adaptation;
  recurse(child: unknown): JsonObject;
}

function adaptKeyword(out: JsonObject, keyword: string, child: unknown, place: Place): void {
  switch (keyword) {
    case 'properties':
      out['properties'] = Object.fromEntries(Object.entries(asObject(child) ?? {}).map(([name, sub]) => [name, place.recurse(sub)]));
      return;
    case 'items':
      if (Array.isArray(child)) out['prefixItems'] = child.map(place.recurse);
      else out['items'] = place.recurse(child);
      return;
    case 'prefixItems':
    case 'anyOf':
    case 'oneOf':
      out[keyword] = asList(child).map(place.recurse);
      return;
    case 'additionalProperties':
      out['additionalProperties'] = typeof child === 'boolean' ? child : place.recurse(child);
      return;
    default:
      adaptValue(out, keyword, child, place);
  }
}

function adaptValue(out: JsonObject, keyword: string, child: unknown, { node, adaptation }: Place): void {
  if (kept.has(keyword)) out[keyword] ??= child;
  else if (keyword === 'const') out['enum'] = [child];
  else if (keyword === 'format' && knownFormats.has(String(child))) out['format'] = child;
  else if (keyword === 'nullable') {
    if (child === true && typeof node['type'] === 'string') out['type'] = [node['type'], 'null'];
  } else if ((keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum') && typeof child === 'number') {
    const isWhole = node['type'] === 'integer';
    if (keyword === 'exclusiveMinimum') out['minimum'] = isWhole ? Math.floor(child) + 1 : child;
    else out['maximum'] = isWhole ? Math.ceil(child) - 1 : child;
    if (!isWhole) adaptation.dropped.add(keyword);
  } else if (!silent.has(keyword)) adaptation.dropped.add(keyword);
}

/** A name that `properties` lacks is a 400. */
function adaptRequired(out: JsonObject, required: unknown): void {
  const properties = asObject(out['properties']);
  const names = [...asList(out['required']), ...asList(required)];
  const known = names.filter((name) => typeof name === 'string' && (properties === null || Object.hasOwn(properties, name)));
  if (known.length > 0) out['required'] = [...new Set(known)];
}

function mergeInto(out: JsonObject, branch: JsonObject): void {
  for (const [keyword, value] of Object.entries(branch)) {
    if (keyword === 'properties') out['properties'] = { ...asObject(value), ...asObject(out['properties']) };
    else if (keyword === 'required') out['required'] = [...asList(out['required']), ...asList(value)];
    else out[keyword] ??= value;
  }
}
