import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { event } from '../support/fake-upstream/anthropic.ts';
import { signatures } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

// More than a thousand calls in each test.
vi.setConfig({ testTimeout: 120_000 });

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const block = (index: number, start: object, ...deltas: object[]): string =>
  event('content_block_start', { index, content_block: start }) +
  deltas.map((delta) => event('content_block_delta', { index, delta })).join('') +
  event('content_block_stop', { index });

const anthropic = [
  event('message_start', { message: { id: 'msg_1', model: 'c', usage: { input_tokens: 9, output_tokens: 1 } } }),
  block(
    0,
    { type: 'thinking', thinking: '' },
    { type: 'thinking_delta', thinking: '想😀' },
    { type: 'signature_delta', signature: signatures.anthropic },
  ),
  block(1, { type: 'text', text: '' }, { type: 'text_delta', text: '北京😀' }),
  block(
    2,
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    { type: 'input_json_delta', partial_json: '{"a":"北' },
    { type: 'input_json_delta', partial_json: '京"}' },
  ),
  event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } }),
  event('message_stop', {}),
].join('');

const gemini = [
  { candidates: [{ content: { parts: [{ text: '想😀', thought: true }] } }], responseId: 'g1', modelVersion: 'gemini-3' },
  { candidates: [{ content: { parts: [{ text: '北京😀' }] } }] },
  {
    candidates: [
      {
        content: { parts: [{ functionCall: { id: 'fc_1', name: 'f', args: { a: '北京' } }, thoughtSignature: signatures.gemini }] },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 16 },
  },
]
  .map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`)
  .join('');

it.each([
  ['claude-sonnet-4-6', anthropic],
  ['claude-sonnet-4-6', anthropic.replaceAll('\n', '\r\n')],
  ['gemini-3-flash-preview', gemini],
])('S11, S12: a translated stream of %s is the same wherever it is cut', async (model, stream) => {
  const whole = Buffer.from(stream);
  const ask = async (cut: { splitAt?: number; splitEvery?: number }) => {
    tollgate.upstream.enqueue({ chunks: [whole], ...cut });
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } } }];
    const body = { model, stream: true, stream_options: { include_usage: true }, tools, messages: [{ role: 'user', content: 'x' }] };
    const reply = await tollgate.post('/v1/chat/completions', body);
    return reply.text.replaceAll(/"created":\d+/g, '"created":0');
  };
  const expected = await ask({});
  for (const text of ['想😀', '北京😀', '"finish_reason":"tool_calls"', '"total_tokens":16', '[DONE]']) expect(expected).toContain(text);
  const calls = expected.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g);
  expect([...calls].map(([, json]) => JSON.parse(json!) as string).join('')).toBe('{"a":"北京"}');
  expect(await ask({ splitEvery: 1 })).toBe(expected);
  for (let splitAt = 1; splitAt < whole.length; splitAt++) expect(await ask({ splitAt }), `cut behind byte ${splitAt}`).toBe(expected);
});
