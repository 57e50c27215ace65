import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { answerText, costs, figures, signatures, thinkingText } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway, upstreamKeys } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let anthropic: Anthropic;

beforeAll(async () => {
  tollgate = await openTestGateway();
  anthropic = new Anthropic({ apiKey: tollgate.key, baseURL: tollgate.url, maxRetries: 0 });
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const request = { model: 'claude-sonnet-4-6', max_tokens: 1000, messages: [{ role: 'user' as const, content: 'Hello 北京😀' }] };
const row = {
  provider: 'anthropic',
  callerDialect: 'anthropic-messages',
  upstreamDialect: 'anthropic-messages',
  conversion: 'unchanged',
  status: 'ok',
  responseId: 'msg_fake1',
  client: 'Anthropic/JS',
  usage: { inputUncached: 50, inputCacheRead: 30, inputCacheWrite5m: 20, inputCacheWrite1h: 0, outputText: 24 },
  costNanoUsd: costs['claude-sonnet-4-6'],
};

describe('anthropic SDK', () => {
  it('answers whole, with the gateway’s key upstream and nowhere its own', async () => {
    const { data, response, request_id } = await anthropic.messages.create(request).withResponse();
    expect(data.content).toEqual([{ type: 'text', text: answerText }]);
    expect(data.usage).toEqual(figures.anthropic);
    expect(request_id).toBe('req_fake_anthropic');
    expect(await tollgate.readCall(response)).toMatchObject({ ...row, stream: false, endpoint: 'messages' });
    const sent = tollgate.upstream.last();
    expect(sent.path).toBe('/anthropic/v1/messages');
    expect(sent.header('x-api-key')).toBe(upstreamKeys.ANTHROPIC_API_KEY);
    expect(sent.header('authorization')).toBeNull();
    expect(sent.header('anthropic-version')).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(JSON.stringify(sent.rawHeaders)).not.toContain(tollgate.key);
  });

  it('S16, T1, T2: streams, metered with its cache buckets', async () => {
    const stream = anthropic.messages.stream(request);
    const message = await stream.finalMessage();
    expect(message.content).toEqual([{ type: 'text', text: answerText }]);
    expect(message.usage).toMatchObject({
      input_tokens: 50,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 20,
      output_tokens: 24,
    });
    expect(await tollgate.readCall((await stream.withResponse()).response)).toMatchObject({ ...row, stream: true });
  });

  it('S15: the provider’s counts are there from the first event on, while it still thinks', async () => {
    tollgate.upstream.enqueue((sent) => ({ chunks: answerByDefault(sent).chunks?.slice(0, 1) ?? [], ending: 'hang' }));
    const stream = await anthropic.messages.create({ ...request, stream: true });
    for await (const first of stream) {
      expect(first).toMatchObject({ type: 'message_start', message: { usage: { ...figures.anthropic, output_tokens: 1 } } });
      break;
    }
  });

  it('counts tokens', async () => {
    const { data, response } = await anthropic.messages.countTokens({ model: request.model, messages: request.messages }).withResponse();
    expect(data.input_tokens).toBe(17);
    expect(await tollgate.readCall(response)).toMatchObject({ endpoint: 'count-tokens', status: 'ok', usage: { inputUncached: null } });
  });

  it('thinks, calls tools and gets its results back, signatures and all', async () => {
    const input_schema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
    const tools = ['weather', 'news'].map((name) => ({ name, input_schema }));
    const first = { ...request, tools, messages: [{ role: 'user' as const, content: '[think] [tools]' }] };
    const message = await anthropic.messages.stream(first).finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toEqual([
      { type: 'thinking', thinking: thinkingText, signature: signatures.anthropic },
      { type: 'text', text: answerText },
      { type: 'tool_use', id: 'toolu_fake0', name: 'weather', input: { city: '北京😀' } },
      { type: 'tool_use', id: 'toolu_fake1', name: 'news', input: { city: 'Oslo' } },
    ]);
    const results = message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'ok' }] : [],
    );
    await anthropic.messages.create({
      ...first,
      messages: [...first.messages, { role: 'assistant', content: message.content }, { role: 'user', content: results }],
    });
    const { messages } = tollgate.upstream.last().json<{ messages: { content: unknown }[] }>();
    expect(messages[1]?.content).toEqual(message.content);
  });

  it('lists models in its own shape', async () => {
    const ids = (await Array.fromAsync(await anthropic.models.list())).map(({ id, type }) => `${type} ${id}`);
    expect(ids).toContain('model claude-sonnet-4-6');
  });

  it.each([
    [400, 'invalid_request_error', Anthropic.BadRequestError],
    [401, 'authentication_error', Anthropic.AuthenticationError],
    [403, 'permission_error', Anthropic.PermissionDeniedError],
    [404, 'not_found_error', Anthropic.NotFoundError],
    [413, 'request_too_large', Anthropic.APIError],
    [429, 'rate_limit_error', Anthropic.RateLimitError],
    [529, 'overloaded_error', Anthropic.InternalServerError],
  ])('raises %d as the SDK’s own class', async (status, type, expected) => {
    const body = { type: 'error', error: { type, message: 'as Anthropic says it' }, request_id: 'req_upstream' };
    tollgate.upstream.answerAll({ status, body, headers: { 'request-id': 'req_upstream' } });
    const thrown = await anthropic.messages.create(request).catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(expected);
    expect(thrown).toMatchObject({ status, error: body, requestID: 'req_upstream' });
  });

  it('raises an error inside a stream', async () => {
    const event = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"too much"}}\n\n';
    const start = {
      type: 'message_start',
      message: { id: 'm', type: 'message', role: 'assistant', content: [], model: 'c', usage: { input_tokens: 1, output_tokens: 1 } },
    };
    tollgate.upstream.enqueue({ chunks: [`event: message_start\ndata: ${JSON.stringify(start)}\n\n`, event] });
    await expect(anthropic.messages.stream(request).finalMessage()).rejects.toThrow('too much');
  });

  it('gets our own errors in its shape', async () => {
    const stranger = new Anthropic({ apiKey: 'sk-ant-someone-elses-key', baseURL: tollgate.url, maxRetries: 0 });
    await expect(stranger.messages.create(request)).rejects.toMatchObject({
      status: 401,
      error: { type: 'error', error: { type: 'authentication_error' } },
    });
    await expect(anthropic.messages.create({ ...request, model: 'nonsense' })).rejects.toMatchObject({
      status: 404,
      error: { error: { type: 'not_found_error' } },
    });
    await expect(anthropic.messages.create({ ...request, model: 'gpt-5' })).rejects.toMatchObject({ status: 400 });
  });

  it('may send its key as Bearer, as x-api-key, or both of which one is right', async () => {
    const bearer = new Anthropic({ authToken: tollgate.key, baseURL: tollgate.url, maxRetries: 0 });
    expect((await bearer.messages.create(request)).role).toBe('assistant');
    const ask = (headers: Record<string, string>) => tollgate.send('/v1/messages', { key: null, body: request, headers });
    expect((await ask({ 'x-api-key': tollgate.key })).status).toBe(200);
    expect((await ask({ 'x-api-key': tollgate.key, authorization: 'Bearer sk-ant-oat-some-login' })).status).toBe(200);
    expect(JSON.stringify(tollgate.upstream.last().rawHeaders)).not.toContain('sk-ant-oat-some-login');
  });
});
