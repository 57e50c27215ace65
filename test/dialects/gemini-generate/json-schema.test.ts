import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptSchema } from '../../../src-main/dialects/gemini-generate/json-schema.ts';

const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });

describe('T6, X10: JSON Schema for Gemini', () => {
  it.each<[string, Record<string, unknown>, unknown, string[]]>([
    [
      'drops what is unknown, at every depth',
      object(
        { a: { type: 'array', items: { type: 'string', pattern: 'x', default: 'd', examples: [] }, uniqueItems: true } },
        { $schema: 's', propertyNames: {} },
      ),
      object({ a: { type: 'array', items: { type: 'string' } } }),
      ['default', 'examples', 'pattern', 'propertyNames', 'uniqueItems'],
    ],
    [
      'keeps what is known',
      object(
        { a: { type: ['string', 'null'], title: 'T', description: 'D', enum: ['x'] }, b: { type: 'integer', minimum: 1, maximum: 2 } },
        { additionalProperties: false, required: ['a'], propertyOrdering: ['b', 'a'] },
      ),
      object(
        { a: { type: ['string', 'null'], title: 'T', description: 'D', enum: ['x'] }, b: { type: 'integer', minimum: 1, maximum: 2 } },
        { additionalProperties: false, propertyOrdering: ['b', 'a'], required: ['a'] },
      ),
      [],
    ],
    [
      'keeps properties that are named like keywords',
      object({ $ref: { type: 'string' }, default: { type: 'string' }, pattern: true }),
      object({ $ref: { type: 'string' }, default: { type: 'string' }, pattern: {} }),
      [],
    ],
    [
      'inlines references and lays over what stands beside them',
      object(
        { a: { $ref: '#/$defs/A', description: 'mine' }, b: { $ref: '#/definitions/B~1C' } },
        { $defs: { A: { type: 'string', description: 'theirs' } }, definitions: { 'B/C': { type: 'number' } } },
      ),
      object({ a: { type: 'string', description: 'mine' }, b: { type: 'number' } }),
      [],
    ],
    [
      'follows references of references',
      object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { $ref: '#/$defs/B' }, B: { type: 'boolean' } } }),
      object({ a: { type: 'boolean' } }),
      [],
    ],
    [
      'cuts a schema that contains itself',
      object(
        { child: { $ref: '#', description: 'next' }, list: { type: 'array', items: { $ref: '#/$defs/N' } } },
        { $defs: { N: object({ next: { $ref: '#/$defs/N' } }) } },
      ),
      object({
        child: {
          type: 'object',
          description: 'next',
          properties: {
            child: { type: 'object', description: 'next' },
            list: { type: 'array', items: object({ next: { type: 'object' } }) },
          },
        },
        list: { type: 'array', items: object({ next: { type: 'object' } }) },
      }),
      ['recursive $ref'],
    ],
    [
      'drops references that lead nowhere',
      object({ a: { $ref: 'https://x/y' }, b: { $ref: '#/$defs/None' }, c: { $ref: '#/__proto__' } }),
      object({ a: {}, b: {}, c: {} }),
      ['$ref'],
    ],
    [
      'says const, exclusive limits and nullable in other words',
      object({
        a: { const: 'x' },
        b: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
        c: { type: 'string', nullable: true },
        d: { type: 'number', exclusiveMinimum: 0 },
      }),
      object({
        a: { enum: ['x'] },
        b: { type: 'integer', minimum: 1, maximum: 9 },
        c: { type: ['string', 'null'] },
        d: { type: 'number', minimum: 0 },
      }),
      ['exclusiveMinimum'],
    ],
    [
      'merges allOf',
      {
        allOf: [object({ a: { type: 'string' } }, { required: ['a'] }), { $ref: '#/$defs/B' }],
        $defs: { B: object({ b: {} }, { required: ['b'] }) },
      },
      object({ b: {}, a: { type: 'string' } }, { required: ['a', 'b'] }),
      [],
    ],
    [
      'recurses through unions and tuples',
      { anyOf: [{ oneOf: [{ type: 'string', minLength: 1 }] }], items: [{ type: 'string' }, false] },
      { anyOf: [{ oneOf: [{ type: 'string' }] }], prefixItems: [{ type: 'string' }, {}] },
      ['false', 'minLength'],
    ],
    [
      'keeps known formats only',
      object({ a: { type: 'string', format: 'date-time' }, b: { type: 'string', format: 'uri' } }),
      object({ a: { type: 'string', format: 'date-time' }, b: { type: 'string' } }),
      ['format'],
    ],
    ['requires no property that is not there', object({ a: {} }, { required: ['a', 'b', 3] }), object({ a: {} }, { required: ['a'] }), []],
  ])('%s', (_name, schema, adapted, dropped) => {
    const before = structuredClone(schema);
    expect(adaptSchema(schema)).toEqual({ schema: adapted, dropped });
    expect(schema).toEqual(before);
  });

  it('ends on references that multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`d${n}`, object({ x: { $ref: `#/$defs/d${n + 1}` }, y: { $ref: `#/$defs/d${n + 1}` } })]),
    );
    const { dropped, schema } = adaptSchema({ $ref: '#/$defs/d0', $defs });
    expect(dropped).toContain('nesting');
    expect(JSON.stringify(schema).length).toBeLessThan(3_000_000);
  });

  it('ends on hostile depth', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 20_000; depth++) schema = { type: 'array', items: schema };
    expect(adaptSchema(schema).dropped).toEqual(['nesting']);
  });

  it('survives any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('$ref', 'properties', 'items', 'allOf', 'required', 'type', '__proto__', 'const'), fc.jsonValue()),
        (schema) => {
          expect(() => JSON.stringify(adaptSchema(schema))).not.toThrow();
        },
      ),
      { numRuns: 200 },
    );
  });
});
