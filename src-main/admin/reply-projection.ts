import type { TSchema } from 'typebox';

type Project = (value: unknown) => unknown;

/** The JSON Schema words that the contract's reply schemas use. */
interface ReplySchema {
  type?: string;
  properties?: Record<string, ReplySchema>;
  items?: ReplySchema;
  anyOf?: ReplySchema[];
  allOf?: ReplySchema[];
}

/**
 * Copies of a value only what its reply schema declares. Services answer with the objects they hold; a field that the
 * contract does not name (a hash, a sealed key) must not leave with them. Built once per route.
 */
export function createReplyProjection(schema: TSchema): Project {
  return compile(schema as ReplySchema);
}

function compile(schema: ReplySchema): Project {
  if (schema.allOf) return projectFields(Object.assign({}, ...schema.allOf.map((part) => part.properties ?? {})));
  if (schema.anyOf) return compileVariants(schema.anyOf);
  if (schema.properties) return projectFields(schema.properties);
  if (schema.items) {
    const item = compile(schema.items);
    return item === keep ? keep : (value) => (Array.isArray(value) ? value.map(item) : value);
  }
  return keep;
}

/** "X or null" is projected as X; anything else that has fields would need a guess, which a guard must not make. */
function compileVariants(variants: ReplySchema[]): Project {
  const structured = variants.map(compile).filter((project) => project !== keep);
  if (structured.length > 1) throw new Error('a reply schema may not choose between two structures');
  return structured[0] ?? keep;
}

function projectFields(properties: Record<string, ReplySchema>): Project {
  const fields = Object.entries(properties).map(([name, schema]) => [name, compile(schema)] as const);
  return (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const source = value as Record<string, unknown>;
    const copy: Record<string, unknown> = {};
    for (const [name, project] of fields) if (source[name] !== undefined) copy[name] = project(source[name]);
    return copy;
  };
}

const keep: Project = (value) => value;
