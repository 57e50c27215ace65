import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

// Hundreds of calls in a test.
vi.setConfig({ testTimeout: 120_000 });

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

/** Everything a re-serialising gateway would change: spacing, escapes, number forms, order, unknown fields, duplicate keys, a hostile key. */
const oddities =
  '"x_unknown" : {"__proto__":{"a":1},"constructor":null} , "n":1.0E+2,"big":12345678901234567890,"esc":"\\u00e9\\/\\ud83d","dup":1,"dup":2';

const dialects = [
  {
    name: 'openai-chat',
    path: '/v1/chat/completions',
    upstreamPath: '/openai/v1/chat/completions',
    body: `{ ${oddities},\n\t"stream":true,"stream_options":{"include_usage" : true},"model":"gpt-5.4-mini","messages":[{"role":"user","content":"北京😀"}] }\n`,
    stream: [
      'data: {"id":"c","model":"gpt-5.4-mini","choices":[{"index":0,"delta":{"role":"assistant","content":"北京😀"}}]}',
      ': a comment',
      'data:{"x_new":[1.0],"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}',
      'data: [DONE]',
    ],
  },
  {
    name: 'anthropic-messages',
    path: '/v1/messages?beta=true',
    upstreamPath: '/anthropic/v1/messages?beta=true',
    body: `{ ${oddities},\n\t"stream":true,"max_tokens":9,"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"北京😀"}] }\n`,
    stream: [
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":9,"output_tokens":1}}}',
      'event: x_new_event\ndata: {"type":"x_new_event",   "text":"北京😀"}',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}',
      'event: message_stop\ndata: {"type":"message_stop"   }',
    ],
  },
  {
    name: 'openai-responses',
    path: '/v1/responses',
    upstreamPath: '/openai/v1/responses',
    body: `{ ${oddities},\n\t"stream":true,"model":"gpt-5.4-mini","input":"北京😀" }\n`,
    stream: [
      'event: response.created\ndata: {"type":"response.created","response":{"id":"r","model":"gpt-5.4-mini"}}',
      'event: x.new\ndata: {"type":"x.new","text":"北京😀"}',
      'event: response.completed\ndata: {"type":"response.completed","response":{"id":"r","status":"completed","usage":{"input_tokens":9,"output_tokens":2,"total_tokens":11}}}',
    ],
  },
  {
    name: 'gemini-generate',
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    upstreamPath: '/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    body: `{ ${oddities},\n\t"contents":[{"role":"user","parts":[{"text":"北京😀"}]}] }\n`,
    stream: [
      'data: {"candidates":[{"content":{"parts":[{"text":"北京😀"}]}}],"usageMetadata":{"promptTokenCount":9}}',
      'data: {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"totalTokenCount":11}}',
    ],
  },
] as const;

describe.each(dialects)('$name to $name', ({ path, upstreamPath, body, stream }) => {
  const render = (lineEnd: string) => Buffer.from(stream.map((event) => `${event}\n\n`.replaceAll('\n', lineEnd)).join(''));

  it('sends the caller’s bytes', async () => {
    const reply = await tollgate.post(path, body);
    const sent = tollgate.upstream.last();
    expect(sent.body.toString()).toBe(body);
    expect(sent.path).toBe(upstreamPath);
    expect(await tollgate.readCall(reply)).toMatchObject({ conversion: 'unchanged' });
    expect((await tollgate.readBodies(reply)).request).toBe(body);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('fixture 14, J5, S11, S12: relays a stream byte for byte, cut at every byte (%s)', async (_name, lineEnd) => {
    const whole = render(lineEnd);
    const replies = [];
    for (let splitAt = 1; splitAt <= whole.length; splitAt++) {
      tollgate.upstream.enqueue({ chunks: [whole], splitAt });
      replies.push(await tollgate.post(path, body));
    }
    tollgate.upstream.enqueue({ chunks: [whole], splitEvery: 1 });
    replies.push(await tollgate.post(path, body));
    for (const reply of replies) expect(reply.text).toBe(whole.toString());
    for (const reply of [replies[0]!, replies[100]!, replies.at(-2)!, replies.at(-1)!]) {
      const call = await tollgate.readCall(reply);
      expect(call).toMatchObject({ status: 'ok', usage: { inputUncached: 9, outputText: 2 } });
      // The row is final before the last byte leaves; a blank line may still follow it.
      expect(whole.length - call.responseBytes!).toBeLessThanOrEqual(2 * lineEnd.length);
      expect((await tollgate.readBodies(reply)).response).toBe(whole.toString());
    }
  });

  it('relays a whole answer byte for byte', async () => {
    const answer = `{ ${oddities} ,\n "id":"a","text":"北京😀" }\r\n`;
    tollgate.upstream.enqueue({ body: answer });
    const reply = await tollgate.post(
      path.replace('streamGenerateContent?alt=sse', 'generateContent'),
      body.replace('"stream":true', '"stream":false'),
    );
    expect(reply.text).toBe(answer);
    expect((await tollgate.readBodies(reply)).response).toBe(answer);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('unpacks a request in %s', async (encoding, compress) => {
    const reply = await tollgate.post(path, compress(Buffer.from(body)), { 'content-encoding': encoding });
    expect(reply.status).toBe(200);
    const sent = tollgate.upstream.last();
    expect(sent.body.toString()).toBe(body);
    expect(sent.header('content-encoding')).toBeNull();
    expect(sent.header('content-length')).toBe(String(Buffer.byteLength(body)));
  });
});

it('Gemini’s JSON array stream (without alt=sse) passes byte for byte, metered', async () => {
  const url = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';
  tollgate.upstream.enqueue((request) => ({
    ...arrayStream,
    headers: { 'content-type': 'application/json', 'x-path': request.path },
    splitEvery: 1,
  }));
  const reply = await tollgate.post(url, { contents: [] });
  expect(reply.headers['x-path']).toBe(`/gemini${url}`);
  expect(reply.text).toBe(arrayStream.chunks.join(''));
  expect(await tollgate.readCall(reply)).toMatchObject({ status: 'ok', usage: { inputUncached: 9, outputText: 2 } });
});

const arrayStream = {
  chunks: [
    '[{"candidates":[{"content":{"parts":[{"text":"北京😀"}]}}]}\r\n,',
    '{"candidates":[{"finishReason":"STOP"}],\n"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"totalTokenCount":11}}\n]\n',
  ],
};

it('a model named with its provider changes only those bytes', async () => {
  const { body } = dialects[1];
  const reply = await tollgate.post('/v1/messages', body.replace('claude-sonnet-4-6', 'anthropic/claude-sonnet-4-6'));
  expect(tollgate.upstream.last().body.toString()).toBe(body);
  expect(await tollgate.readCall(reply)).toMatchObject({
    conversion: 'patched',
    requestedModel: 'anthropic/claude-sonnet-4-6',
    model: 'claude-sonnet-4-6',
  });
});
