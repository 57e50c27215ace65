import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { overrideHeaders, pathTricks } from '../support/boundary-tables.ts';
import { sendRaw } from '../support/raw-http.ts';

let listener: AdminListener;
beforeAll(async () => {
  listener = await openAdminListener();
  listener.services.state.metrics.set('tollgate_secret_total', 1);
  await listener.services.callerKeys.create({ name: 'canary-name' });
});
afterAll(() => listener.close());

const send = (method: string, target: string, headers: string[] = []) =>
  sendRaw(listener.port, [`${method} ${target} HTTP/1.1`, `Host: 127.0.0.1:${listener.port}`, ...headers]);

/** Read without a token, no variant may show what a protected handler answers. */
const protectedPaths = ['/admin/status', '/admin/keys', '/admin/providers/openai', '/metrics', '/admin/calls/call_00000000001/bodies'];

it('A10: no way to write a path reaches a protected handler without a token', async () => {
  const targets = protectedPaths.flatMap(pathTricks);
  expect(targets.length).toBeGreaterThanOrEqual(200);
  const before = JSON.stringify(listener.services.state);
  for (const target of targets) {
    for (const method of ['GET', 'DELETE']) {
      const reply = await send(method, target);
      expect([0, 200, 400, 401, 403, 404, 414], `${method} ${target}`).toContain(reply.status);
      expect(reply.body, `${method} ${target}`).not.toMatch(/canary-name|tollgate_secret|api\.openai\.com/);
    }
  }
  expect(JSON.stringify(listener.services.state)).toBe(before);
});

it('A10: negative control: with the token the plain paths do show it', async () => {
  const authorization = `Authorization: Bearer ${testAdminToken}`;
  expect((await send('GET', '/admin/keys', [authorization])).body).toContain('canary-name');
  expect((await send('GET', '/metrics', [authorization])).body).toContain('tollgate_secret');
});

it('A10: headers that rename method, path or host change nothing', async () => {
  for (const header of overrideHeaders) {
    expect((await send('GET', '/admin/keys', [header])).status, header).toBe(401);
    expect((await send('GET', '/healthz', [header])).body, header).toContain('"status":"ok"');
  }
});
