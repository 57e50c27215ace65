import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/raw-http.ts';
import { openTestGateway, type TestGateway, upstreamKeys } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let attacker: FakeUpstream;
beforeAll(async () => {
  [tollgate, attacker] = await Promise.all([openTestGateway(), openFakeUpstream()]);
});
afterAll(() => Promise.all([tollgate.close(), attacker.close()]));
beforeEach(() => tollgate.upstream.reset());

const messages = [{ role: 'user', content: 'x' }];

describe('D1: a caller cannot send a key elsewhere', () => {
  const headers = [
    'x-provider-base-url',
    'x-portkey-custom-host',
    'x-portkey-config',
    'x-portkey-provider',
    'helicone-target-url',
    'helicone-openai-api-base',
    'x-litellm-api-base',
    'x-base-url',
    'x-api-base',
    'x-upstream-url',
    'x-target-host',
    'x-original-url',
    'x-rewrite-url',
    'x-forwarded-host',
    'x-forwarded-server',
    'x-forwarded-proto',
    'forwarded',
    'x-host',
    'x-tollgate-base-url',
    'openai-base-url',
    'anthropic-base-url',
    'location',
  ];
  const fields = [
    'api_base',
    'base_url',
    'baseUrl',
    'baseURL',
    'endpoint',
    'host',
    'url',
    'proxy',
    'custom_host',
    'provider',
    'target_url',
    'router',
  ];
  const queries = ['url', 'api_base', 'base_url', 'target', 'endpoint', 'host', 'redirect', 'proxy'];

  it.each(headers)('with the header %s', async (name) => {
    const value =
      name === 'forwarded' ? `host=127.0.0.1:${attacker.port}` : name.endsWith('host') ? `127.0.0.1:${attacker.port}` : attacker.origin;
    for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6']) {
      expect((await tollgate.post('/v1/chat/completions', { model, messages }, { [name]: value })).status).toBe(200);
    }
    expect(tollgate.upstream.requests).toHaveLength(2);
    expect(attacker.connections).toBe(0);
  });

  it.each(fields)('with the field %s', async (name) => {
    for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-2.5-flash']) {
      await tollgate.post('/v1/chat/completions', { model, messages, [name]: attacker.origin, extra_body: { [name]: attacker.origin } });
    }
    expect(tollgate.upstream.requests).toHaveLength(3);
    expect(attacker.connections).toBe(0);
  });

  it.each(queries)('with the query ?%s=', async (name) => {
    await tollgate.post(`/v1/chat/completions?${name}=${encodeURIComponent(attacker.origin)}`, { model: 'gpt-5.4-mini', messages });
    expect(tollgate.upstream.requests).toHaveLength(1);
    expect(attacker.connections).toBe(0);
  });

  it('with an address for a model, a Host header or an absolute target', async () => {
    for (const model of [
      attacker.origin,
      `${attacker.origin}/gpt-5`,
      `openai/${attacker.origin}`,
      `gpt-5@127.0.0.1:${attacker.port}`,
      `../../${attacker.origin}`,
    ]) {
      await tollgate.post('/v1/chat/completions', { model, messages });
      await tollgate.post(`/v1beta/models/${encodeURIComponent(model)}:generateContent`, { contents: [] });
    }
    const body = JSON.stringify({ model: 'gpt-5.4-mini', messages });
    const head = ['Content-Type: application/json', `Authorization: Bearer ${tollgate.key}`, `Content-Length: ${body.length}`];
    const host = `Host: 127.0.0.1:${tollgate.gateway.port}`;
    expect(
      (await sendRaw(tollgate.gateway.port, ['POST /v1/chat/completions HTTP/1.1', `Host: 127.0.0.1:${attacker.port}`, ...head], body))
        .status,
    ).toBe(403);
    expect(
      (await sendRaw(tollgate.gateway.port, [`POST ${attacker.origin}/v1/chat/completions HTTP/1.1`, host, ...head], body)).status,
    ).toBe(403);
    expect(attacker.connections).toBe(0);
    for (const request of tollgate.upstream.requests) expect(request.header('host')).toBe(new URL(tollgate.upstream.origin).host);
  });
});

describe('D2: a redirect is not followed', () => {
  it.each([301, 302, 303, 307, 308])('%d', async (status) => {
    for (const [path, model] of [
      ['/v1/chat/completions', 'gpt-5.4-mini'],
      ['/v1/chat/completions', 'claude-sonnet-4-6'],
      ['/v1/messages', 'claude-sonnet-4-6'],
    ] as const) {
      tollgate.upstream.enqueue({ status, headers: { location: `${attacker.origin}/steal` }, body: '' });
      const reply = await tollgate.post(path, { model, max_tokens: 9, messages });
      expect(reply.status).toBe(502);
      expect(reply.headers['location']).toBeUndefined();
      expect(await tollgate.readCall(reply)).toMatchObject({ status: 'error', errorCode: 'upstream_redirect' });
    }
    expect(attacker.connections).toBe(0);
  });
});

describe('D5: a provider that points back to Tollgate', () => {
  it('gets 508 after one hop, under any of its own names', async () => {
    const looping = await openTestGateway({ upstream: tollgate.upstream });
    const { port } = looping.gateway;
    for (const [id, origin] of Object.entries({ numbers: `http://127.0.0.1:${port}`, name: `http://localhost:${port}` })) {
      const provider = { id, baseUrl: `${origin}/v1`, dialect: 'openai-chat', key: looping.key, models: [`${id}-model`], skipTest: true };
      await looping.admin('/admin/providers', { method: 'POST', body: provider });
      const reply = await looping.post('/v1/chat/completions', { model: `${id}-model`, messages });
      expect(reply.status).toBe(508);
      const { items } = await looping.admin<{ items: { errorCode: string; provider: string }[] }>('/admin/calls?limit=3');
      expect(items.filter(({ provider }) => provider === id).map(({ errorCode }) => errorCode)).toContain('loop_detected');
    }
    const { items } = await looping.admin<{ items: unknown[] }>('/admin/calls?limit=10');
    expect(items).toHaveLength(4);
    await looping.close();
  });

  it('is noticed over a chain of gateways', async () => {
    const model = 'llama3.2';
    tollgate.upstream.enqueue((request) => ({ body: { hop: request.header('x-tollgate-hop') } }));
    const { hop } = (await tollgate.post('/v1/chat/completions', { model, messages })).json<{ hop: string }>();
    for (const hops of [hop, `aaaa,${hop}`, `${hop},bbbb`]) {
      const back = await tollgate.post('/v1/chat/completions', { model, messages }, { 'x-tollgate-hop': hops });
      expect(back.status).toBe(508);
      expect(await tollgate.readCall(back)).toMatchObject({ status: 'error', errorCode: 'loop_detected' });
    }
    expect(tollgate.upstream.requests).toHaveLength(1);
    await tollgate.post('/v1/chat/completions', { model, messages }, { 'x-tollgate-hop': 'aaaa' });
    expect(tollgate.upstream.last().header('x-tollgate-hop')).toBe(`aaaa,${hop}`);
  });
});

describe('D6: headers', () => {
  const clientOnly = {
    cookie: 'session=1',
    referer: 'http://127.0.0.1/x',
    forwarded: 'for=1.2.3.4',
    'x-forwarded-for': '1.2.3.4',
    'x-real-ip': '1.2.3.4',
    via: '1.1 proxy',
    'sec-fetch-mode': 'cors',
    'sec-ch-ua': 'x',
    te: 'trailers',
    'x-request-id': 'mine',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    baggage: 'a=b',
    'x-tags': 'a:b',
    'x-conversation-id': 'c',
    connection: 'close, x-named',
    'x-named': 'hop',
    'proxy-authorization': 'Basic x',
    'accept-encoding': 'gzip, br',
  };
  const vendorHeaders = {
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'a-1,b-2',
    'x-app': 'cli',
    'user-agent': 'claude-cli/2.1',
    accept: 'application/json',
  };

  it('towards the provider are these and no others', async () => {
    await tollgate.post('/v1/messages', { model: 'claude-sonnet-4-6', messages }, { ...clientOnly, ...vendorHeaders });
    const { rawHeaders, body } = tollgate.upstream.last();
    const seen = Object.fromEntries(
      rawHeaders.flatMap((text, index) => (index % 2 === 0 ? [[text.toLowerCase(), rawHeaders[index + 1]]] : [])),
    );
    expect(seen).toEqual({
      host: new URL(tollgate.upstream.origin).host,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': String(body.length),
      'accept-encoding': 'identity',
      'x-api-key': upstreamKeys.ANTHROPIC_API_KEY,
      'x-tollgate-hop': expect.stringMatching(/^[0-9a-f]{16}$/),
      ...vendorHeaders,
    });
  });

  it('towards a translated provider name neither the caller nor us', async () => {
    await tollgate.post(
      '/v1/chat/completions',
      { model: 'gemini-2.5-flash', messages },
      { ...clientOnly, ...vendorHeaders, 'openai-organization': 'org' },
    );
    const names = tollgate.upstream
      .last()
      .rawHeaders.filter((_, index) => index % 2 === 0)
      .map((name) => name.toLowerCase());
    expect(names.sort()).toEqual([
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'x-goog-api-key',
      'x-tollgate-hop',
    ]);
  });

  it('towards the caller are the provider’s less those that act on a browser', async () => {
    const harmful = {
      'set-cookie': ['a=1', 'b=2'],
      'alt-svc': 'h3=":443"',
      'clear-site-data': '"*"',
      'strict-transport-security': 'max-age=1',
      'content-security-policy': "default-src 'unsafe-inline'",
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      server: 'x',
      via: '1.1 x',
      'x-powered-by': 'x',
    };
    const kept = { 'x-request-id': 'req_1', 'openai-processing-ms': '5', 'x-ratelimit-remaining-tokens': '7' };
    for (const shape of [{ body: {} }, { chunks: ['data: [DONE]\n\n'] }, { status: 400, body: { error: { message: 'no' } } }]) {
      tollgate.upstream.enqueue({ ...shape, headers: { ...harmful, ...kept } });
      const { headers } = await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages });
      expect(headers).toMatchObject({
        ...kept,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'x-tollgate-call-id': expect.any(String),
      });
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
      for (const name of Object.keys(harmful)) if (name !== 'content-security-policy') expect(headers[name]).toBeUndefined();
    }
  });
});

describe('a caller’s own provider key', () => {
  const own = 'sk-byok-canary-0123456789-ZYXWVU';

  it('goes upstream for that call, and is nowhere afterwards', async () => {
    const echo = { status: 401, body: { error: { message: `Incorrect API key provided: ${own}`, code: 'invalid_api_key' } } };
    for (const [model, header] of [
      ['gpt-5.4-mini', 'authorization'],
      ['claude-sonnet-4-6', 'x-api-key'],
      ['gemini-2.5-flash', 'x-goog-api-key'],
      ['llama3.2', 'authorization'],
    ] as const) {
      for (const stream of [false, true]) {
        const good = await tollgate.post('/v1/chat/completions', { model, stream, messages }, { 'x-provider-api-key': own });
        expect(good.status).toBe(200);
        const sent = tollgate.upstream.last();
        expect(sent.header(header)?.replace('Bearer ', '')).toBe(own);
        expect(sent.header('x-provider-api-key')).toBeNull();
        expect(JSON.stringify(sent.rawHeaders)).not.toMatch(/sk-test-openai|sk-ant-test|AIzaTest/);
        expect(await tollgate.readCall(good)).toMatchObject({ byok: true, status: 'ok' });
        tollgate.upstream.enqueue(echo);
        const bad = await tollgate.post('/v1/chat/completions', { model, stream, messages }, { 'x-provider-api-key': own });
        expect(bad.status).toBe(401);
        expect(bad.text).not.toContain(own);
        expect(JSON.stringify([await tollgate.readCall(bad), await tollgate.readBodies(bad)])).not.toContain(own);
      }
    }
    await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages });
    expect(tollgate.upstream.last().header('authorization')).toBe(`Bearer ${upstreamKeys.OPENAI_API_KEY}`);
    expect(tollgate.log.join('')).not.toContain(own);
    expect(filesHolding(tollgate.dataDir, own)).toEqual([]);
    for (const key of Object.values(upstreamKeys)) expect(filesHolding(tollgate.dataDir, key)).toEqual([]);
  });

  it('is refused when it could split a header', async () => {
    const reply = await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages }, { 'x-provider-api-key': 'a b' });
    expect(reply.status).toBe(400);
  });
});

it('a stored key that a provider echoes in its error is masked', async () => {
  const key = upstreamKeys.OPENAI_API_KEY;
  tollgate.upstream.enqueue({ status: 401, body: { error: { message: `Incorrect API key provided: ${key}` } } });
  const reply = await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages });
  expect(reply.text).not.toContain(key);
  expect(JSON.stringify(await tollgate.readBodies(reply))).not.toContain(key);
});

function filesHolding(folder: string, text: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(3);
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(text));
}
