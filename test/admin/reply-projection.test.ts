import { Type } from 'typebox';
import { Clean, Clone } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { createReplyProjection } from '../../src-main/admin/reply-projection.ts';
import { adminApi } from '../../src-main/contract/admin-api.ts';
import { CallDetailSchema } from '../../src-main/contract/entities.ts';
import { makeCall } from '../support/admin-fakes.ts';

describe('createReplyProjection', () => {
  it('agrees with TypeBox on a call full of undeclared fields', () => {
    const call = {
      ...makeCall(1),
      secret: 1,
      usage: { ...makeCall(1).usage, secret: 2 },
      attempts: [{ atMs: 1, durationMs: 2, status: null, secret: 3 }],
    };
    const projected = createReplyProjection(CallDetailSchema)(call);
    expect(projected).toEqual(Clean(CallDetailSchema, Clone(call)));
    expect(JSON.stringify(projected)).not.toContain('secret');
  });

  it('does not touch the value it is given', () => {
    const call = Object.freeze({ ...makeCall(1), secret: 1 });
    createReplyProjection(CallDetailSchema)(call);
    expect(call).toHaveProperty('secret');
  });

  it('keeps records and unknown values whole, and null', () => {
    const schema = Type.Object({
      tags: Type.Record(Type.String(), Type.String()),
      raw: Type.Unknown(),
      test: Type.Union([Type.Object({ a: Type.String() }), Type.Null()]),
    });
    const project = createReplyProjection(schema);
    expect(project({ tags: { x: 'y' }, raw: { deep: [1] }, test: null })).toEqual({ tags: { x: 'y' }, raw: { deep: [1] }, test: null });
    expect(project({ test: { a: '1', b: '2' } })).toEqual({ test: { a: '1' } });
  });

  it('refuses a schema that would make it guess', () => {
    const schema = Type.Union([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]);
    expect(() => createReplyProjection(schema)).toThrow('two structures');
  });

  it('can project every reply of the contract', () => {
    for (const endpoint of Object.values(adminApi)) expect(() => createReplyProjection(endpoint.reply)).not.toThrow();
  });
});
