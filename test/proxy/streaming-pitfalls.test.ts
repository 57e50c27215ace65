import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src-main/contract/entities.ts';
import { event } from '../support/fake-upstream/anthropic.ts';
import { answerText, figures } from '../support/fake-upstream/figures.ts';
import type { ScriptedReply } from '../support/fake-upstream.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { readEvents } from '../support/test-gateway-client.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

interface Chunk {
  choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: unknown;
  error?: { message: string };
}

const chunk = (fields: object): string => `data: ${JSON.stringify({ id: 'c', model: 'gpt-5.4-mini', ...fields })}\n\n`;
const text = (content: string, finish: string | null = null): string =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const done = 'data: [DONE]\n\n';
const usage = { prompt_tokens: 9, completion_tokens: 252, total_tokens: 261 };

async function stream(
  reply: ScriptedReply | null,
  fields: object = {},
): Promise<{ text: string; status: number; chunks: Chunk[]; call: CallDetail }> {
  if (reply !== null) tollgate.upstream.enqueue(reply);
  const messages = [{ role: 'user', content: 'x' }];
  const answer = await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', stream: true, messages, ...fields });
  const events = answer.headers['content-type']?.startsWith('text/event-stream') ? readEvents<Chunk | string>(answer.text) : [];
  const chunks = events.filter((value): value is Chunk => typeof value !== 'string');
  return { text: answer.text, status: answer.status, chunks, call: await tollgate.readCall(answer) };
}

describe('usage in Chat Completions streams', () => {
  it('S1: is asked for upstream, and its chunk kept from a caller who did not ask', async () => {
    const { chunks, call, text: body } = await stream(null);
    expect(tollgate.upstream.last().json()).toMatchObject({ stream_options: { include_usage: true } });
    expect(chunks.every(({ choices }) => choices.length > 0)).toBe(true);
    expect(body.endsWith(done)).toBe(true);
    expect(call).toMatchObject({ usage: { inputUncached: 60, outputText: 12 }, conversion: 'patched' });
  });

  it('S2: comes in a chunk of its own from a translated provider', async () => {
    const { chunks } = await stream(null, { model: 'claude-sonnet-4-6', stream_options: { include_usage: true } });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: null });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 124 } });
  });

  it('S3: a preview of it at the start is not the end; the last one counts', async () => {
    const preview = chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } });
    const { call, chunks } = await stream(
      { chunks: [preview, text('a'), text('b', 'stop'), chunk({ choices: [], usage }), done] },
      { stream_options: { include_usage: true } },
    );
    expect(call).toMatchObject({ status: 'ok', usage: { inputUncached: 9, outputText: 252 } });
    expect(chunks).toHaveLength(4);
  });

  it('S4: an object of details only is no usage', async () => {
    const { call } = await stream({
      chunks: [text('a', 'stop'), chunk({ choices: [], usage: { prompt_tokens_details: { cached_tokens: 1 } } }), done],
    });
    expect(call).toMatchObject({
      status: 'ok',
      usage: { inputUncached: null, outputText: null },
    });
  });

  it('S5: is read beside an empty delta too', async () => {
    const last = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage });
    const { call, chunks } = await stream({ chunks: [text('a'), last, done] });
    expect(call).toMatchObject({ status: 'ok', usage: { inputUncached: 9, outputText: 252 } });
    expect(chunks).toHaveLength(2);
  });

  it('S6: a server that rejects the question is asked again without it, and not a second time', async () => {
    const refuse = { status: 400, body: { error: { message: 'Unknown field: stream_options', type: 'invalid_request_error' } } };
    tollgate.upstream.enqueue(refuse, { chunks: [text('a', 'stop'), done] }, { chunks: [text('b', 'stop'), done] });
    const first = await stream(null, { model: 'llama3.2' });
    expect(first).toMatchObject({
      status: 200,
      call: { status: 'ok', attempts: [{ status: 400 }, { status: 200 }], conversion: 'unchanged' },
    });
    const listed = await tollgate.admin<{ items: { id: string; conversion: string }[] }>('/admin/calls?limit=1');
    expect(listed.items).toMatchObject([{ id: first.call.id, conversion: 'unchanged' }]);
    expect((await stream(null, { model: 'llama3.2' })).call.conversion).toBe('unchanged');
    expect(tollgate.upstream.requests.map((request) => 'stream_options' in request.json())).toEqual([true, false, false]);
  });

  it('S6: a server known to reject it is never asked', async () => {
    const stubborn = await openTestGateway({
      upstream: tollgate.upstream,
      providers: [{ id: 'proud', baseUrl: `${tollgate.upstream.origin}/proud/v1`, models: ['proud-1'], streamUsage: false }],
    });
    const reply = await stubborn.post('/v1/chat/completions', {
      model: 'proud-1',
      stream: true,
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(tollgate.upstream.last().json()).not.toHaveProperty('stream_options');
    expect(await stubborn.readCall(reply)).toMatchObject({ status: 'ok', conversion: 'unchanged' });
    await stubborn.close();
  });

  it('S6: another 400 reaches the caller as it is', async () => {
    const body = '{"error": {"message":"messages[0] is wrong","type":"invalid_request_error"}}';
    const { status, text: answer } = await stream({ status: 400, body }, { model: 'gpt-5.4-mini' });
    expect({ status, answer }).toEqual({ status: 400, answer: body });
    expect(tollgate.upstream.requests).toHaveLength(1);
  });
});

describe('S9: an error after 200', () => {
  const fault = event('error', { error: { type: 'overloaded_error', message: 'too much' } });
  const start = event('message_start', { message: { id: 'm', model: 'c', usage: { input_tokens: 9, output_tokens: 1 } } });
  const words =
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hel' } });

  it('before any content is a plain HTTP error', async () => {
    for (const chunks of [[fault], [start + fault], [start, fault]]) {
      const { status, text: body, call } = await stream({ chunks }, { model: 'claude-sonnet-4-6' });
      expect(status).toBe(503);
      expect(JSON.parse(body)).toMatchObject({ error: { message: expect.stringContaining('too much') } });
      expect(call).toMatchObject({ status: 'error', httpStatus: 503, error: { providerType: 'overloaded_error', message: 'too much' } });
    }
  });

  it('after some content is an error frame, never a finish', async () => {
    const { chunks, text: body, call } = await stream({ chunks: [start, words, fault] }, { model: 'claude-sonnet-4-6' });
    expect(chunks.at(-1)?.error?.message).toContain('too much');
    expect(body).not.toContain('[DONE]');
    expect(body).not.toMatch(/"finish_reason":"/);
    expect(call).toMatchObject({ status: 'error', errorCode: 'upstream_overloaded', usage: { inputUncached: 9 } });
  });

  it('passes unchanged in the same dialect, and the row says error', async () => {
    const cases = [
      { path: '/v1/messages', chunks: [start, words, fault], body: { model: 'claude-sonnet-4-6', max_tokens: 9, stream: true } },
      {
        path: '/v1/chat/completions',
        chunks: [text('a'), 'data: {"error":{"message":"too much","type":"server_error"}}\n\n'],
        body: { model: 'gpt-5.4-mini', stream: true },
      },
      {
        path: '/v1/responses',
        chunks: ['event: error\ndata: {"type":"error","code":"server_error","message":"too much"}\n\n'],
        body: { model: 'gpt-5.4-mini', stream: true },
      },
      {
        path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
        chunks: ['data: {"error":{"code":503,"message":"too much","status":"UNAVAILABLE"}}\r\n\r\n'],
        body: {},
      },
    ];
    for (const { path, chunks, body } of cases) {
      tollgate.upstream.enqueue({ chunks });
      const reply = await tollgate.post(path, body);
      expect(reply.text).toBe(chunks.join(''));
      expect(await tollgate.readCall(reply)).toMatchObject({ status: 'error', httpStatus: 200, error: { message: 'too much' } });
    }
  });
});

describe('S14: a stream’s first and last chunks', () => {
  it('have role and finish reason from every translated provider', async () => {
    for (const model of ['claude-sonnet-4-6', 'gemini-2.5-flash']) {
      const { chunks, text: body } = await stream(null, { model });
      expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant' });
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
      expect(body.endsWith(done)).toBe(true);
    }
  });

  it('a native stream without [DONE] but with its finish is complete', async () => {
    const { call } = await stream({ chunks: [text('a'), text('b', 'stop')] });
    expect(call.status).toBe('ok');
  });

  it('a provider that ignores "stream" still gives a translated caller its stream', async () => {
    const content = [{ type: 'text', text: answerText }];
    const body = { id: 'm', type: 'message', role: 'assistant', model: 'c', content, stop_reason: 'end_turn', usage: figures.anthropic };
    const { chunks, call } = await stream({ body }, { model: 'claude-sonnet-4-6' });
    expect(chunks.map(({ choices }) => choices[0]?.delta['content'] ?? '').join('')).toBe(answerText);
    expect(call).toMatchObject({ status: 'ok', usage: { inputUncached: 50 } });
  });
});

const matrix = [
  { path: '/v1/chat/completions', model: 'gpt-5.4-mini', costNanoUsd: 138_000 },
  { path: '/v1/chat/completions', model: 'claude-sonnet-4-6', costNanoUsd: 594_000 },
  { path: '/v1/chat/completions', model: 'gemini-2.5-flash', costNanoUsd: 59_000 },
  { path: '/v1/chat/completions', model: 'grok-4-0709', costNanoUsd: 232_856 },
  { path: '/v1/completions', model: 'gpt-5.4-mini', costNanoUsd: 138_000 },
  { path: '/v1/responses', model: 'gpt-5.4-mini', costNanoUsd: 138_000 },
  { path: '/v1/messages', model: 'claude-sonnet-4-6', costNanoUsd: 594_000 },
  { path: '/v1beta/models/gemini-2.5-flash:METHOD', model: 'gemini-2.5-flash', costNanoUsd: 59_000 },
];

it.each(matrix.flatMap((row) => [false, true].map((streams) => ({ ...row, streams }))))(
  'S16: $path with $model, stream $streams, is metered to the nano-dollar',
  async ({ path, model, costNanoUsd, streams }) => {
    const url = path.replace('METHOD', streams ? 'streamGenerateContent?alt=sse' : 'generateContent');
    const reply = await tollgate.post(url, { model, stream: streams, max_tokens: 9, messages: [{ role: 'user', content: 'x' }] });
    expect(await tollgate.readCall(reply)).toMatchObject({ status: 'ok', costNanoUsd, stream: streams, usage: { flags: [] } });
    expect(reply.headers['x-tollgate-cost-usd'] === undefined).toBe(streams);
  },
);
