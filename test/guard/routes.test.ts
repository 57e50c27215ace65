import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installRouteGuard, type RouteGuard } from '../../src-main/admin/route-guard.ts';
import { adminApi } from '../../src-main/contract/admin-api.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { type RawReply, sendRaw } from '../support/raw-http.ts';

const authorization = `Authorization: Bearer ${testAdminToken}`;
let guarded: AdminListener;
let open: AdminListener;

beforeAll(async () => {
  guarded = await openAdminListener();
  open = await openAdminListener({ boundary: false });
});
afterAll(async () => {
  await guarded.close();
  await open.close();
});

type Attack = { name: string; host?: string; headers: string[]; token: boolean; expected: number };

const attacks: Attack[] = [
  { name: 'no token', headers: [], token: false, expected: 401 },
  { name: 'wrong token', headers: ['Authorization: Bearer wrong'], token: false, expected: 401 },
  { name: 'evil Host', host: 'evil.example', headers: [], token: true, expected: 403 },
  { name: 'evil Origin', headers: ['Origin: http://evil.example'], token: true, expected: 403 },
  { name: 'Origin null', headers: ['Origin: null'], token: true, expected: 403 },
  { name: 'cross-site', headers: ['Sec-Fetch-Site: cross-site'], token: true, expected: 403 },
  { name: 'same-site', headers: ['Sec-Fetch-Site: same-site'], token: true, expected: 403 },
];

function attackRoute(listener: AdminListener, route: { method: string; path: string }, attack: Attack): Promise<RawReply> {
  return sendRaw(listener.port, [
    `${route.method} ${route.path.replace(':id', 'x').replace('*', '')} HTTP/1.1`,
    `Host: ${attack.host ?? `127.0.0.1:${listener.port}`}`,
    ...(attack.token ? [authorization] : []),
    ...attack.headers,
  ]);
}

/** The rows of the table that a listener fails: "GET /admin/status, evil Host: 200". */
async function listFailures(listener: AdminListener): Promise<string[]> {
  const failures: string[] = [];
  for (const route of listener.routes) {
    for (const attack of attacks) {
      if (route.guard !== 'admin' && attack.expected === 401) continue;
      // An open event stream has no end to wait for; its refusals do.
      if (route.path === '/admin/events' && listener === open && attack.expected === 403) continue;
      const { status } = await attackRoute(listener, route, attack);
      if (status !== attack.expected) failures.push(`${route.method} ${route.path}, ${attack.name}: ${status}`);
    }
  }
  return failures;
}

describe('A2: every route is guarded', () => {
  it('knows all routes of the contract', () => {
    const names = guarded.routes.map(({ method, path }) => `${method} ${path}`);
    for (const endpoint of Object.values(adminApi)) expect(names).toContain(`${endpoint.method} ${endpoint.path}`);
    expect(names.length).toBe(Object.keys(adminApi).length + 7);
  });

  it('has at most four open addresses', () => {
    const openPaths = new Set(guarded.routes.filter((route) => route.guard !== 'admin').map((route) => route.path));
    expect([...openPaths].sort()).toEqual(['/*', '/admin/ui-session', '/healthz', '/identify']);
  });

  it('refuses every attack on every route', async () => expect(await listFailures(guarded)).toEqual([]));

  it('negative control: a server without the boundary fails the table', async () => {
    const failures = await listFailures(open);
    const expectedFailures = (open.routes.length - 1) * attacks.filter((attack) => attack.expected === 403).length;
    expect(failures.length).toBe(expectedFailures);
  });

  it('B1: the same requests with the token and no browser headers are not refused', async () => {
    for (const route of guarded.routes.filter(({ path }) => path !== '/admin/events')) {
      const reply = await attackRoute(guarded, route, { name: 'none', headers: [], token: true, expected: 200 });
      expect([401, 403], `${route.method} ${route.path}`).not.toContain(reply.status);
    }
  });

  it('a route without a declared guard fails the build', () => {
    const build = (config: { guard?: RouteGuard } | undefined) => () => {
      const app = fastify();
      installRouteGuard(app, 'token', () => false);
      app.get('/forgotten', config ? { config } : {}, async () => 'secret');
    };
    expect(build(undefined)).toThrow('GET /forgotten declares no guard');
    expect(build({})).toThrow('GET /forgotten declares no guard');
    expect(build({ guard: 'public' })).toThrow('not in the list of open routes');
    expect(build({ guard: 'ui-code' })).toThrow('not in the list of open routes');
    expect(build({ guard: 'admin' })).not.toThrow();
  });
});

describe('A4: no CORS', () => {
  const origins = ['http://evil.example', 'null', 'http://localhost:5173', 'https://app.example', 'own'];

  it('answers no reply, refusal or preflight with Access-Control headers', async () => {
    for (const route of guarded.routes.filter(({ path }) => path !== '/admin/events')) {
      for (const origin of origins) {
        const value = origin === 'own' ? `http://127.0.0.1:${guarded.port}` : origin;
        for (const method of [route.method, 'OPTIONS']) {
          const reply = await attackRoute(
            guarded,
            { ...route, method },
            { name: '', headers: [`Origin: ${value}`], token: true, expected: 0 },
          );
          expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
          if (method === 'OPTIONS') expect([403, 404]).toContain(reply.status);
        }
      }
    }
  });
});

describe('A6: upgrades', () => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];
  const origins = [
    'http://evil.example',
    'null',
    'http://localhost:1',
    'https://localhost',
    'file://',
    'http://0.0.0.0:1',
    'vscode-webview://x',
    '',
    'http://127.0.0.1',
    'x',
  ];

  it('never answers 101, and refuses every foreign Origin and a missing token', async () => {
    for (const path of ['/admin/events', '/admin/status', '/']) {
      for (const origin of origins) {
        const reply = await attackRoute(
          guarded,
          { method: 'GET', path },
          { name: '', headers: [...upgrade, `Origin: ${origin}`], token: true, expected: 403 },
        );
        expect(reply.status, `${path} from ${origin}`).toBe(403);
      }
    }
    const untrusted = await attackRoute(
      guarded,
      { method: 'GET', path: '/admin/events' },
      { name: '', headers: upgrade, token: false, expected: 401 },
    );
    expect(untrusted.status).toBe(401);
  });
});

describe('A12: headers of every reply', () => {
  it('stand on successes, refusals and errors, and name no software', async () => {
    const route = { method: 'GET', path: '/admin/status' };
    const plain = { name: '', headers: [], token: true, expected: 200 };
    const replies = [
      await attackRoute(guarded, route, plain),
      ...(await Promise.all(attacks.map((attack) => attackRoute(guarded, route, attack)))),
      ...(await Promise.all(
        ['/', '/healthz', '/nothing', '/admin/calls?limit=x', '/%zz'].map((path) => attackRoute(guarded, { method: 'GET', path }, plain)),
      )),
      await sendRaw(guarded.port, ['GET / HTTP/1.1', 'bad header line']),
      await sendRaw(guarded.port, ['GET / HTTP/1.1', `Host: 127.0.0.1:${guarded.port}`, `x: ${'a'.repeat(40_000)}`]),
    ];
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200, 400, 401, 403, 404, 431]));
    for (const { headers, status } of replies) {
      expect(Object.fromEntries(headers), String(status)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'cache-control': 'no-store',
      });
      for (const name of ['server', 'x-powered-by', 'set-cookie']) expect(headers.has(name)).toBe(false);
    }
  });
});
