import { expect, it } from 'vitest';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { selectEarlier } from '../../src-renderer/features/calls/earlier-calls.ts';

const call = (sequence: number, more: object = {}) => ({
  id: renderCallId(sequence),
  callerDialect: 'openai-chat',
  requestedModel: 'gpt-5.4-mini',
  requestBytes: 100,
  ...more,
});
const ids = (calls: readonly { id: string }[]): string[] => calls.map(({ id }) => id);

it('compares a call with those before it, never with itself or a later one, though all began in one millisecond', () => {
  const calls = [12, 11, 10, 9, 8, 7].map((sequence) => call(sequence));
  expect(ids(selectEarlier(calls, call(10)))).toEqual([9, 8, 7].map(renderCallId));
  expect(selectEarlier(calls, call(7))).toEqual([]);
});

it('passes over other dialects, other models and large requests', () => {
  const others = [{ callerDialect: 'gemini-generate' }, { requestedModel: 'gpt-5' }, { requestBytes: 5_000_000 }];
  const calls = [...others.map((more, index) => call(9 - index, more)), call(1)];
  expect(ids(selectEarlier(calls, call(10)))).toEqual([renderCallId(1)]);
});
