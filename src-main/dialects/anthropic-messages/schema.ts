import { GatewayError } from '../../domain/gateway-error.ts';
import { asObject, type JsonObject } from '../json-value.ts';

type Explain = (reason: string) => void;

const depthLimit = 100;

/** Keywords whose value is a map of schemas, a schema, or a list of schemas. */
const schemaMaps = new Set(['properties', '$defs', 'definitions']);
const schemaLists = new Set(['anyOf', 'allOf']);

/** Keywords that the vendor's structured outputs understand as they are. */
const plainKeywords = new Set(['type', 'required', 'enum', 'const', '$ref', 'title', 'description', 'default']);
/** They name the schema and constrain nothing. */
const labels = new Set(['$schema', '$id', '$comment']);

const stringFormats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);

/**
 * Adapts a JSON Schema to structured outputs and strict tools: objects are closed, and limits that the vendor rejects
 * become words in the description, where the model can still follow them. Order is kept, so that prompt caches hold.
 * @returns null when the schema cannot be said at all (it refers to itself or to something outside)
 * @throws GatewayError invalid_request when it nests deeper than any real schema
 */
export function adaptStrictSchema(schema: JsonObject, explain: Explain): JsonObject | null {
  if (!hasPlainReferences(schema)) return null;
  return adaptNode(schema, explain, 0);
}

/** Tool arguments have to be an object without alternatives at the root; alternatives are merged into one object. */
export function objectRoot(schema: JsonObject, explain: Explain): JsonObject {
  const { anyOf, oneOf, allOf, ...root } = inlineRootReference(schema);
  let merged: JsonObject = root['type'] === 'object' ? root : { ...root, type: 'object' };
  for (const [branches, all] of [
    [allOf, true],
    [anyOf, false],
    [oneOf, false],
  ] as const) {
    if (Array.isArray(branches)) merged = mergeBranches(merged, branches, all);
  }
  if (root['type'] !== undefined && root['type'] !== 'object')
    explain('Tool arguments have to be an object; the type at the root was replaced.');
  if (anyOf || oneOf || allOf) explain('Alternatives at the root of tool arguments are not allowed; they were merged into one object.');
  return asObject(merged['properties']) ? merged : { ...merged, properties: {} };
}

/** Generators often write `{"$ref": "#/$defs/Arguments", "$defs": …}`; a chain of references ends after a few steps or never. */
function inlineRootReference(schema: JsonObject): JsonObject {
  let inlined = schema;
  for (let step = 0; step < 10 && typeof inlined['$ref'] === 'string'; step++) {
    const { $ref: reference, ...rest } = inlined;
    inlined = { ...resolvePointer(schema, String(reference)), ...rest };
  }
  return inlined;
}

/** A property is required when all branches hold and one requires it, or one branch holds and every one requires it. */
function mergeBranches(root: JsonObject, branches: readonly unknown[], all: boolean): JsonObject {
  const objects = branches.map(asObject).filter((branch) => branch !== null);
  const properties = [root, ...objects].flatMap((branch) => Object.entries(asObject(branch['properties']) ?? {}));
  const lists = objects.map((branch) => (Array.isArray(branch['required']) ? branch['required'] : []));
  const first = lists[0] ?? [];
  const added = all ? lists.flat() : first.filter((name) => lists.every((list) => list.includes(name)));
  const own: unknown[] = Array.isArray(root['required']) ? root['required'] : [];
  const required = [...new Set([...own, ...added])];
  const merged: JsonObject = { ...root, properties: Object.fromEntries(properties) };
  return required.length > 0 ? { ...merged, required } : merged;
}

function adaptNode(node: unknown, explain: Explain, depth: number): JsonObject {
  if (depth > depthLimit) throw new GatewayError('invalid_request', `A JSON Schema may nest ${depthLimit} levels deep.`);
  const schema = asObject(node) ?? {};
  const entries: [string, unknown][] = [];
  const moved: [string, unknown][] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (plainKeywords.has(key)) entries.push([key, value]);
    else if (schemaMaps.has(key)) entries.push([key, mapSchemas(value, explain, depth)]);
    else if (schemaLists.has(key) && Array.isArray(value)) entries.push([key, value.map((item) => adaptNode(item, explain, depth + 1))]);
    else if (key === 'oneOf' && Array.isArray(value)) entries.push(['anyOf', value.map((item) => adaptNode(item, explain, depth + 1))]);
    else if (key === 'items' && asObject(value)) entries.push([key, adaptNode(value, explain, depth + 1)]);
    else if (isPlainLimit(key, value)) entries.push([key, value]);
    else if (key !== 'additionalProperties' && !labels.has(key)) moved.push([key, value]);
  }
  const adapted: JsonObject = Object.fromEntries(entries);
  if (isObjectSchema(schema)) {
    const open = schema['additionalProperties'];
    if (open === true || asObject(open)) explain('Objects are closed: properties outside the schema cannot be answered.');
    adapted['additionalProperties'] = false;
  }
  if (moved.length === 0) return adapted;
  explain(`Not enforced, only described to the model: ${moved.map(([key]) => key).join(', ')}.`);
  const note = `Constraints: ${JSON.stringify(Object.fromEntries(moved))}`;
  const description = adapted['description'];
  return { ...adapted, description: typeof description === 'string' && description !== '' ? `${description}\n${note}` : note };
}

function mapSchemas(value: unknown, explain: Explain, depth: number): JsonObject {
  const entries = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(entries.map(([name, schema]) => [name, adaptNode(schema, explain, depth + 1)]));
}

function isPlainLimit(key: string, value: unknown): boolean {
  if (key === 'format') return typeof value === 'string' && stringFormats.has(value);
  return key === 'minItems' && (value === 0 || value === 1);
}

function isObjectSchema(schema: JsonObject): boolean {
  const { type } = schema;
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || asObject(schema['properties']) !== null;
}

/** Every `$ref` points into this schema and none leads back to itself. */
function hasPlainReferences(root: JsonObject): boolean {
  const open = new Set<unknown>();
  const done = new Set<unknown>();

  function isPlain(node: unknown, depth: number): boolean {
    if (typeof node !== 'object' || node === null || done.has(node)) return true;
    if (open.has(node)) return false;
    if (depth > depthLimit * 2) throw new GatewayError('invalid_request', `A JSON Schema may nest ${depthLimit} levels deep.`);
    open.add(node);
    const reference = asObject(node)?.['$ref'];
    const target = typeof reference === 'string' ? resolvePointer(root, reference) : null;
    const plain =
      (typeof reference !== 'string' || (target !== null && isPlain(target, depth + 1))) &&
      Object.values(node).every((child) => isPlain(child, depth + 1));
    open.delete(node);
    done.add(node);
    return plain;
  }

  return isPlain(root, 0);
}

function resolvePointer(root: JsonObject, pointer: string): JsonObject | null {
  if (pointer === '#') return root;
  if (!pointer.startsWith('#/')) return null;
  let node: unknown = root;
  for (const step of pointer.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const parent = asObject(node);
    node = parent && Object.hasOwn(parent, key) ? parent[key] : undefined;
  }
  return asObject(node);
}
