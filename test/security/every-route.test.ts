import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchDataRoute } from '../../src-main/proxy/data-routes.ts';
import { hostTable, originTable, overrideHeaders, pathTricks } from '../support/boundary-tables.ts';
import { type GuardedPort, listAttempts, listBoundaryFailures, listDoors, listOpenDoors } from '../support/gateway-doors.ts';
import { sendRaw } from '../support/raw-http.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

const doors = listDoors();
let tollgate: TestGateway;
let guarded: GuardedPort;

beforeAll(async () => {
  tollgate = await openTestGateway();
  const adminToken = readFileSync(join(tollgate.dataDir, 'admin-token'), 'utf8').trim();
  guarded = { port: tollgate.gateway.port, adminToken, callerKey: tollgate.key };
});
afterAll(() => tollgate.close());

/** What a request that got in would have left: a call upstream, a row of the ledger. */
async function countTraces(): Promise<number> {
  const { items } = await tollgate.admin<{ items: unknown[] }>('/admin/calls?limit=500');
  return tollgate.upstream.requests.length + items.length;
}

describe('A2, B1: every route of both planes', () => {
  it('is in the table', () => {
    const data = doors.filter(({ opens }) => opens === 'caller-key');
    expect(data.length).toBeGreaterThan(150);
    for (const { method, path } of data) expect(matchDataRoute(method, path), `${method} ${path}`).not.toBeNull();
    expect(doors.filter(({ opens }) => opens === 'admin-token').length).toBeGreaterThanOrEqual(22);
    const open = doors
      .filter(({ opens, method }) => opens === 'nothing' && method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(['GET /', 'GET /healthz', 'GET /identify', 'POST /admin/ui-session']);
  });

  it('refuses no token, a wrong one, the other plane’s, evil Host, evil Origin, cross-site and same-site; nothing is left of it', async () => {
    const attempts = listAttempts(doors);
    expect(attempts.length).toBeGreaterThan(1_500);
    expect(await listOpenDoors(guarded, attempts)).toEqual([]);
    expect(await countTraces()).toBe(0);
  });

  it('fixture 16: a page of evil.example, a rebound name and a text/plain body are refused with the right key too; nothing is sent on', async () => {
    const chat = '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"x"}]}';
    const ours = `Host: 127.0.0.1:${guarded.port}`;
    const post = async (path: string, key: string, ...headers: string[]) => {
      const body = path === '/admin/keys' ? '{"name":"evil"}' : chat;
      const head = [`POST ${path} HTTP/1.1`, `Authorization: Bearer ${key}`, `Content-Length: ${body.length}`, ...headers];
      return (await sendRaw(guarded.port, head, body)).status;
    };
    for (const [path, key] of [
      ['/v1/chat/completions', tollgate.key],
      ['/admin/keys', guarded.adminToken],
    ] as const) {
      expect(await post(path, key, ours, 'Content-Type: application/json', 'Origin: https://evil.example')).toBe(403);
      expect(await post(path, key, 'Host: evil.example', 'Content-Type: application/json')).toBe(403);
      // How a page sends JSON without asking first: browsers say where it comes from.
      expect(await post(path, key, ours, 'Content-Type: text/plain', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors')).toBe(403);
    }
    expect(await post('/admin/keys', guarded.adminToken, ours, 'Content-Type: text/plain')).toBe(415);
    expect(await countTraces()).toBe(0);
  });

  it('refuses a key for which it does not know the place', async () => {
    for (const place of ['token', 'access_token', 'api_key', 'apikey', 'authorization', 'x-api-key'])
      expect((await tollgate.send(`/v1/models?${place}=${tollgate.key}`, { key: null })).status, place).toBe(401);
    const cookies = { cookie: `key=${tollgate.key}; authorization=${tollgate.key}; token=${guarded.adminToken}` };
    for (const path of ['/v1/models', '/admin/status'])
      expect((await tollgate.send(path, { key: null, headers: cookies })).status).toBe(401);
  });
});

it('A1, A2: the Host and Origin tables hold on a data, an admin and an open route', async () => {
  expect(await listBoundaryFailures(guarded)).toEqual([]);
  const entering = [...hostTable, ...originTable].filter(({ enters }) => enters).length;
  const { items } = await tollgate.admin<{ items: unknown[] }>('/admin/calls?limit=500');
  expect(items).toHaveLength(entering);
  // A list of models asks the providers for theirs.
  expect(tollgate.upstream.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

describe('A10: no way to write a path', () => {
  const protectedPaths = ['/admin/status', '/admin/keys', '/metrics', '/admin/calls/call_00000000001/bodies'];
  const dataPaths = [
    '/v1/chat/completions',
    '/v1/messages',
    '/v1/models',
    '/v1beta/models/gemini-2.5-flash:generateContent',
    '/t/a:b/v1/responses',
  ];
  const body = '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"x"}]}';
  const send = (method: string, target: string, headers: readonly string[] = []) =>
    sendRaw(
      guarded.port,
      [
        `${method} ${target} HTTP/1.1`,
        `Host: 127.0.0.1:${guarded.port}`,
        ...headers,
        'Content-Type: application/json',
        `Content-Length: ${method === 'POST' ? body.length : 0}`,
      ],
      method === 'POST' ? body : '',
    );

  it('reaches a protected handler of the control plane without a token, nor with a caller key', async () => {
    const targets = protectedPaths.flatMap(pathTricks);
    for (const target of targets) {
      for (const headers of [[], [`Authorization: Bearer ${tollgate.key}`]]) {
        const reply = await send('GET', target, headers);
        expect([0, 200, 400, 401, 403, 404, 414], target).toContain(reply.status);
        expect(reply.body, target).not.toMatch(/tollgate_calls_total|"dataDir"|"callerKeys"|key_config_test/);
      }
    }
    expect((await send('GET', '/admin/keys', [`Authorization: Bearer ${guarded.adminToken}`])).body).toContain('key_config_test');
  });

  it('reaches a provider without a caller key, nor with the admin token', async () => {
    const before = await countTraces();
    const targets = dataPaths.flatMap(pathTricks);
    expect(targets.length).toBeGreaterThan(300);
    for (const target of targets) {
      for (const headers of [[], [`Authorization: Bearer ${guarded.adminToken}`]]) {
        const reply = await send('POST', target, headers);
        expect([0, 400, 401, 403, 404, 405, 414, 415], `${target} ${reply.body}`).toContain(reply.status);
      }
    }
    expect(await countTraces()).toBe(before);
    expect((await send('POST', '/v1/chat/completions', [`Authorization: Bearer ${tollgate.key}`])).status).toBe(200);
  });

  it('is changed by headers that rename method, path or host', async () => {
    const before = await countTraces();
    for (const header of overrideHeaders) {
      expect((await send('POST', '/v1/chat/completions', [header])).status, header).toBe(401);
      expect((await send('GET', '/v1/models', [header])).status, header).toBe(401);
      expect((await send('GET', '/admin/keys', [header])).status, header).toBe(401);
      expect((await send('GET', '/healthz', [header])).body, header).toContain('"status":"ok"');
    }
    expect(await countTraces()).toBe(before);
  });
});

describe('A4, A12: headers of every reply', () => {
  const origins = ['own', 'null', 'http://evil.example', 'http://localhost:5173', 'vscode-webview://x'];

  it('no Access-Control-*, no cookie, no name of software; the protective ones on all, errors and preflights too', async () => {
    const sampled = doors.filter(({ path }) => path !== '/admin/events' && !path.startsWith('/t/') && !path.startsWith('/api/ai'));
    for (const { method, path } of sampled) {
      for (const origin of origins) {
        const value = origin === 'own' ? `http://127.0.0.1:${guarded.port}` : origin;
        for (const verb of [method, 'OPTIONS']) {
          const reply = await send(verb, path, [`Origin: ${value}`, 'Access-Control-Request-Method: POST']);
          const names = [...reply.headers.keys()];
          const leaks = names.filter((name) => /^(access-control-|set-cookie|server$|x-powered-by)/.test(name));
          expect(leaks, `${verb} ${path} from ${origin}`).toEqual([]);
          expect(names).toEqual(expect.arrayContaining(['x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy']));
          expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
          if (verb === 'OPTIONS') expect([403, 404]).toContain(reply.status);
        }
      }
    }
  });

  it('a stream, a whole answer and a provider’s error carry them too', async () => {
    const messages = [{ role: 'user', content: 'x' }];
    tollgate.upstream.enqueue({ status: 400, body: { error: { message: 'no' } }, headers: { 'access-control-allow-origin': '*' } });
    for (const request of [{ model: 'gpt-5.4-mini' }, { model: 'demo/echo', stream: true }, { model: 'claude-sonnet-4-6' }]) {
      const { headers } = await tollgate.post('/v1/chat/completions', { ...request, messages });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  function send(method: string, path: string, headers: readonly string[]) {
    return sendRaw(guarded.port, [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${guarded.port}`, ...headers]);
  }
});

describe('A6: upgrades', () => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];

  it('are never answered 101: foreign pages get 403, programs 426', async () => {
    for (const path of ['/v1/responses', '/v1/realtime', '/v1/chat/completions', '/admin/events', '/']) {
      const send = (origin: string | null, key: string) =>
        sendRaw(guarded.port, [
          `GET ${path}?key=${key} HTTP/1.1`,
          `Host: 127.0.0.1:${guarded.port}`,
          `Authorization: Bearer ${key}`,
          ...upgrade,
          ...(origin === null ? [] : [`Origin: ${origin}`]),
        ]);
      for (const key of [tollgate.key, guarded.adminToken]) {
        for (const origin of ['http://evil.example', 'null', 'http://localhost:1', 'file://', ''])
          expect((await send(origin, key)).status).toBe(403);
        expect((await send(null, key)).status).toBe(426);
      }
    }
  });
});
