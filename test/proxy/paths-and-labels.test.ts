import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallSummary } from '../../src-main/contract/entities.ts';
import { answerText } from '../support/fake-upstream/figures.ts';
import { sendRaw } from '../support/raw-http.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

const keyOfTeam = 'another-caller-key-for-the-ml-team';
let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway({
    callerKeys: [{ name: 'ml', keyFromEnv: 'ML_KEY', tags: { team: 'ml', env: 'ci' }, scope: { models: ['gpt-*', 'demo/*'] } }],
    environment: { ML_KEY: keyOfTeam },
  });
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const messages = [{ role: 'user', content: 'x' }];
const chat = { model: 'gpt-5.4-mini', messages };

describe('every way to write a path', () => {
  const requests = [
    ['/chat/completions', chat],
    ['/messages', { model: 'claude-sonnet-4-6', max_tokens: 9, messages }],
    ['/responses', { model: 'gpt-5.4-mini', input: 'x' }],
    ['/embeddings', { model: 'text-embedding-3-small', input: 'x' }],
  ] as const;

  it.each(['/v1', '', '/v1/v1', '/api/ai/v1', '/t/a:b/v1', '/t/a:b/api/ai/v1', '/t/a:b'])('under %s', async (prefix) => {
    for (const [path, body] of requests) {
      const reply = await tollgate.post(prefix + path, body);
      expect(reply.status, prefix + path).toBe(200);
      expect(await tollgate.readCall(reply)).toMatchObject({ status: 'ok', tags: prefix.startsWith('/t/') ? { a: 'b' } : {} });
    }
    const paths = tollgate.upstream.requests.map(({ path }) => path);
    expect(paths).toEqual(['/openai/v1/chat/completions', '/anthropic/v1/messages', '/openai/v1/responses', '/openai/v1/embeddings']);
  });

  it('for Gemini, old and new', async () => {
    for (const prefix of ['/v1beta', '/v1', '/v1/v1beta', '/api/ai/v1beta', '/t/a:b/v1beta']) {
      const reply = await tollgate.post(`${prefix}/models/gemini-2.5-flash:generateContent`, { contents: [] });
      expect(reply.json()).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
      expect(tollgate.upstream.last().path).toMatch(/^\/gemini\/v1(beta)?\/models\/gemini-2.5-flash:generateContent$/);
    }
  });

  it('the mirror under /api/ai answers byte for byte the same', async () => {
    const [plain, mirrored] = [await tollgate.post('/v1/chat/completions', chat), await tollgate.post('/api/ai/v1/chat/completions', chat)];
    expect(mirrored.text).toBe(plain.text);
    expect((await tollgate.send('/api/ai/v1/models')).text).toBe((await tollgate.send('/v1/models')).text);
  });

  it('an unknown path is a clear 404, with and without a key', async () => {
    expect((await tollgate.post('/v1/nonsense', chat)).status).toBe(404);
    expect((await tollgate.send('/v1/nonsense', { method: 'POST', body: chat, key: null })).status).toBeGreaterThanOrEqual(401);
  });
});

describe('what tools ask before they talk', () => {
  it.each(['/', '/api/hello', '/v1'])('HEAD %s is answered without a key and without a row', async (path) => {
    const before = await tollgate.admin<{ items: CallSummary[] }>('/admin/calls?limit=1');
    const reply = await tollgate.send(path, { method: 'HEAD', key: null });
    expect({ status: reply.status, body: reply.body.length }).toEqual({ status: 200, body: 0 });
    expect(await tollgate.admin('/admin/calls?limit=1')).toEqual(before);
  });

  it('a WebSocket upgrade gets 426 at once', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA=='];
    const head = [`Host: 127.0.0.1:${tollgate.gateway.port}`, ...upgrade, `Authorization: Bearer ${tollgate.key}`];
    expect((await sendRaw(tollgate.gateway.port, ['GET /v1/responses HTTP/1.1', ...head])).status).toBe(426);
    const foreign = ['GET /v1/responses HTTP/1.1', 'Host: evil.example', ...upgrade];
    expect((await sendRaw(tollgate.gateway.port, foreign)).status).toBe(403);
  });
});

describe('GET models', () => {
  it('is OpenAI’s list, Anthropic’s or Gemini’s, as the caller speaks', async () => {
    const openai = await tollgate.send('/v1/models');
    expect(openai.json()).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([{ id: 'gpt-5.4-mini', object: 'model', created: 0, owned_by: 'openai' }]),
    });
    const anthropic = await tollgate.send('/v1/models?limit=1000', { headers: { 'anthropic-version': '2023-06-01' } });
    expect(anthropic.json()).toMatchObject({
      has_more: false,
      data: expect.arrayContaining([expect.objectContaining({ type: 'model', id: 'claude-sonnet-4-6' })]),
    });
    for (const [path, headers] of [
      ['/v1beta/models', {}],
      ['/v1/models', { 'x-goog-api-key': tollgate.key }],
    ] as const) {
      const gemini = await tollgate.send(path, { headers });
      expect(gemini.json()).toMatchObject({ models: [{ name: 'models/gemini-2.5-flash' }] });
    }
  });

  it('needs a key, and shows a scoped key only what it may use', async () => {
    expect((await tollgate.send('/v1/models', { key: null })).status).toBe(401);
    const ids = (await tollgate.send('/v1/models', { key: keyOfTeam })).json<{ data: { id: string }[] }>().data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['gpt-5.4-mini', 'demo/echo']));
    expect(ids.filter((id) => !/^(gpt-|demo\/)/.test(id))).toEqual([]);
  });

  it('a provider that is down lists nothing and delays nobody twice', async () => {
    const lonely = await openTestGateway({ providers: [{ id: 'local', baseUrl: 'http://127.0.0.1:9/v1', models: ['llama3.2'] }] });
    const ids = (await lonely.send('/v1/models')).json<{ data: { id: string }[] }>().data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['llama3.2', 'gpt-5.4-mini', 'demo/echo']));
    await lonely.close();
  });
});

describe('labels in the ledger', () => {
  const label = async (headers: Record<string, string>, options: { path?: string; key?: string; body?: object } = {}) => {
    const body = { ...chat, ...options.body };
    const reply = await tollgate.send(options.path ?? '/v1/chat/completions', {
      body,
      headers,
      ...(options.key === undefined ? {} : { key: options.key }),
    });
    expect(reply.status).toBe(200);
    return tollgate.readCall(reply);
  };

  it('tags come from key, path and headers, the nearest wins, and reach no provider', async () => {
    const call = await label(
      { 'x-tags': 'feature:code-review, env:own', 'x-litellm-tags': 'a:1', 'x-portkey-metadata': '{"b":2}', 'helicone-property-c': '3' },
      { key: keyOfTeam, path: '/t/team:path,run:%E5%8C%97/v1/chat/completions' },
    );
    expect(call.tags).toEqual({ team: 'path', env: 'own', run: '北', feature: 'code-review', a: '1', b: '2', c: '3' });
    expect(JSON.stringify(tollgate.upstream.last().rawHeaders)).not.toMatch(/code-review|helicone|portkey|litellm/i);
    const { items } = await tollgate.admin<{ items: CallSummary[] }>('/admin/calls?tag=team:path&tag=feature:code-review');
    expect(items.map(({ id }) => id)).toEqual([call.id]);
  });

  it('conversations are the caller’s own, over several calls', async () => {
    const ids = [
      await label({ 'x-conversation-id': 'conv-1' }),
      await label({ 'x-conversation-id': 'conv-1' }),
      await label({}, { body: { prompt_cache_key: 'conv-2' } }),
    ];
    expect(ids.map(({ conversationId }) => conversationId)).toEqual(['conv-1', 'conv-1', 'conv-2']);
    const { items } = await tollgate.admin<{ items: CallSummary[] }>('/admin/calls?conversation=conv-1');
    expect(items).toHaveLength(2);
  });

  it('the trace context joins a call with other telemetry', async () => {
    const call = await label({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
    expect(call).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: '00f067aa0ba902b7' });
  });

  it('the caller key is named by its id, and its scope holds', async () => {
    expect((await label({}, { key: keyOfTeam })).callerKeyId).toBe('key_config_ml');
    const refused = await tollgate.send('/v1/messages', { body: { model: 'claude-sonnet-4-6', messages }, key: keyOfTeam });
    expect(refused.status).toBe(403);
    expect(await tollgate.readCall(refused)).toMatchObject({ status: 'error', errorCode: 'not_allowed', callerKeyId: 'key_config_ml' });
  });

  it.each(['x-api-key', 'x-goog-api-key', 'api-key', 'x-litellm-api-key', 'x-portkey-api-key', 'helicone-auth', 'x-bf-vk'])(
    'the key is found in %s',
    async (name) => {
      const value = name === 'helicone-auth' ? `Bearer ${tollgate.key}` : tollgate.key;
      const reply = await tollgate.send('/v1/chat/completions', { body: chat, key: null, headers: { [name]: value } });
      expect(reply.json()).toMatchObject({ choices: [{ message: { content: answerText } }] });
      expect(JSON.stringify(tollgate.upstream.last().rawHeaders)).not.toContain(tollgate.key);
    },
  );

  it('a call without a valid key leaves no row', async () => {
    const before = await tollgate.admin<{ items: CallSummary[] }>('/admin/calls?limit=1');
    for (const key of [null, 'sk-nothing-of-ours-00000000', '']) {
      const reply = await tollgate.send('/v1/chat/completions', { body: chat, key });
      expect(reply.status).toBe(401);
    }
    expect(await tollgate.admin('/admin/calls?limit=1')).toEqual(before);
    expect(tollgate.upstream.requests).toHaveLength(0);
  });
});
