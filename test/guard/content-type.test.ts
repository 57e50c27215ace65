import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '../../src-main/contract/admin-api.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { sendRaw } from '../support/raw-http.ts';

let listener: AdminListener;
beforeAll(async () => {
  listener = await openAdminListener();
});
afterAll(() => listener.close());

function send(method: string, path: string, contentType: string | null, body: string) {
  const head = [
    `${method} ${path.replace(':id', 'x')} HTTP/1.1`,
    `Host: 127.0.0.1:${listener.port}`,
    `Authorization: Bearer ${testAdminToken}`,
  ];
  if (contentType !== null) head.push(`Content-Type: ${contentType}`);
  return sendRaw(listener.port, [...head, `Content-Length: ${Buffer.byteLength(body)}`], body);
}

const jsonRoutes = [
  ...Object.values(adminApi)
    .filter((endpoint) => 'body' in endpoint)
    .map(({ method, path }) => ({ method, path })),
  { method: 'POST', path: '/admin/ui-session' },
];
const wrongTypes = [
  'text/plain',
  'text/plain; charset=utf-8',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json garbage',
  'application/jsonx',
  'application/json\t,text/plain',
  'text/json',
  'x',
  null,
];

describe('A11: JSON routes take JSON only', () => {
  for (const { method, path } of jsonRoutes) {
    it(`${method} ${path}`, async () => {
      const before = JSON.stringify(listener.services.state);
      for (const type of wrongTypes) {
        const reply = await send(method, path, type, '{"name":"x"}');
        expect(reply.status, String(type)).toBe(415);
        expect(JSON.parse(reply.body).error.code).toBe('unsupported_media_type');
        expect((await send(method, path, type, '')).status, `${type}, empty`).toBe(415);
      }
      expect(JSON.stringify(listener.services.state)).toBe(before);
    });
  }

  it('takes JSON with a charset', async () => {
    expect((await send('POST', '/admin/keys', 'application/json; charset=utf-8', '{"name":"x"}')).status).toBe(200);
  });

  it('takes a request without a body on routes that want none', async () => {
    expect((await send('POST', '/admin/ui-code', null, '')).status).toBe(200);
    expect((await send('POST', '/admin/ui-code', 'application/json', '')).status).toBe(200);
  });
});

describe('bodies that cannot be read', () => {
  it('C7: refuses __proto__ and constructor.prototype, and nothing is polluted', async () => {
    for (const body of [
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"recording":"full","__proto__":null}',
    ]) {
      const reply = await send('PATCH', '/admin/settings', 'application/json', body);
      expect(reply.status, body).toBe(400);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('answers broken JSON with 400 and its own error shape', async () => {
    const reply = await send('PATCH', '/admin/settings', 'application/json', '{"recording":');
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error.code).toBe('invalid_request');
  });

  it('C4: stops at 1 MiB', async () => {
    const reply = await send('POST', '/admin/keys', 'application/json', JSON.stringify({ name: 'x'.repeat(1_100_000) }));
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.body).error.code).toBe('payload_too_large');
  });
});
