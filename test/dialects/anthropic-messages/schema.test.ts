import { describe, expect, test } from 'vitest';
import { adaptStrictSchema, objectRoot } from '../../../src-main/dialects/anthropic-messages/schema.ts';

function adapt(schema: Record<string, unknown>) {
  const reasons: string[] = [];
  return { schema: adaptStrictSchema(schema, (reason) => reasons.push(reason)), reasons };
}

function root(schema: Record<string, unknown>) {
  const reasons: string[] = [];
  return { schema: objectRoot(schema, (reason) => reasons.push(reason)), reasons: reasons.length };
}

describe('adaptStrictSchema', () => {
  test('closes every object and keeps what the vendor understands, in order', () => {
    const { schema, reasons } = adapt({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'T',
      type: 'object',
      properties: {
        b: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
        a: { type: 'array', minItems: 1, items: { type: 'object', properties: { x: { enum: [1, 2] } } } },
        c: { $ref: '#/$defs/C' },
      },
      required: ['b'],
      $defs: { C: { type: 'object', properties: {}, additionalProperties: false } },
    });
    expect(reasons).toEqual([]);
    expect(JSON.stringify(schema)).toBe(
      JSON.stringify({
        title: 'T',
        type: 'object',
        properties: {
          b: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
          a: { type: 'array', minItems: 1, items: { type: 'object', properties: { x: { enum: [1, 2] } }, additionalProperties: false } },
          c: { $ref: '#/$defs/C' },
        },
        required: ['b'],
        $defs: { C: { type: 'object', properties: {}, additionalProperties: false } },
        additionalProperties: false,
      }),
    );
  });

  test('limits become words, oneOf becomes anyOf', () => {
    const { schema, reasons } = adapt({
      type: 'object',
      properties: {
        n: { type: 'number', description: 'Count', maximum: 9, multipleOf: 3 },
        m: { oneOf: [{ type: 'string', format: 'color' }] },
      },
    });
    expect(schema?.['properties']).toEqual({
      n: { type: 'number', description: 'Count\nConstraints: {"maximum":9,"multipleOf":3}' },
      m: { anyOf: [{ type: 'string', description: 'Constraints: {"format":"color"}' }] },
    });
    expect(reasons).toHaveLength(2);
  });

  test.each([[true], [{ type: 'string' }]])('an open object (%j) is closed and said to be', (additionalProperties) => {
    const { schema, reasons } = adapt({ type: 'object', properties: {}, additionalProperties });
    expect(schema?.['additionalProperties']).toBe(false);
    expect(reasons).toHaveLength(1);
  });

  test.each([
    ['itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    [
      'itself by a detour',
      { $ref: '#/$defs/A', $defs: { A: { properties: { b: { $ref: '#/$defs/B' } } }, B: { items: { $ref: '#/$defs/A' } } } },
    ],
    ['elsewhere', { properties: { a: { $ref: 'https://a.example/schema.json' } } }],
    ['nothing', { properties: { a: { $ref: '#/$defs/Missing' } } }],
  ])('a schema that refers to %s cannot be said', (_name, schema) => {
    expect(adapt(schema).schema).toBeNull();
  });

  test('a definition used twice is no cycle', () => {
    const shared = { $defs: { A: { type: 'string' } }, type: 'object', properties: { x: { $ref: '#/$defs/A' }, y: { $ref: '#/$defs/A' } } };
    expect(adapt(shared).schema).not.toBeNull();
  });

  test('a property named __proto__ stays a property', () => {
    const { schema } = adapt(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'));
    expect(JSON.stringify(schema)).toContain('"__proto__":{"type":"string"}');
  });

  test('endless nesting is refused', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 5000; depth++) schema = { type: 'object', properties: { a: schema } };
    expect(() => adapt(schema)).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
  });
});

describe('objectRoot', () => {
  test.each([
    [
      'an object stays as it is',
      { type: 'object', properties: { a: {} }, additionalProperties: true },
      { type: 'object', properties: { a: {} }, additionalProperties: true },
      0,
    ],
    ['nothing becomes an object', {}, { type: 'object', properties: {} }, 0],
    ['another type is replaced', { type: 'string' }, { type: 'object', properties: {} }, 1],
    [
      'alternatives are merged, required where all require it',
      {
        anyOf: [
          { properties: { a: {}, b: {} }, required: ['a', 'b'] },
          { properties: { a: {} }, required: ['a'] },
        ],
        required: ['z'],
      },
      { required: ['z', 'a'], type: 'object', properties: { a: {}, b: {} } },
      1,
    ],
    [
      'allOf requires what any of them requires',
      {
        type: 'object',
        allOf: [
          { properties: { a: {} }, required: ['a'] },
          { properties: { b: {} }, required: ['b'] },
        ],
      },
      { type: 'object', properties: { a: {}, b: {} }, required: ['a', 'b'] },
      1,
    ],
    [
      'a reference at the root is followed',
      { $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: { a: {} } } } },
      { type: 'object', properties: { a: {} }, $defs: { A: { type: 'object', properties: { a: {} } } } },
      0,
    ],
  ])('%s', (_name, schema, expected, reasons) => {
    expect(root(schema)).toEqual({ schema: expected, reasons });
  });

  test('references in a circle end', () => {
    const circle = { $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } };
    expect(root(circle).schema).toMatchObject({ type: 'object', properties: {} });
  });
});
