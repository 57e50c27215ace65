import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBoundary } from '../../src-main/gateway/boundary.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { hostTable, originTable } from '../support/boundary-tables.ts';
import { sendRaw } from '../support/raw-http.ts';

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

/** Reads a protected route with a valid token, so that only the boundary can refuse. */
function readStatus(listener: AdminListener, headers: string[], target = '/admin/status') {
  return sendRaw(listener.port, [`GET ${target} HTTP/1.1`, authorization, ...headers]);
}

describe('A1: Host', () => {
  it('covers at least 40 ways to write it', () => expect(hostTable.length).toBeGreaterThanOrEqual(40));

  for (const row of hostTable) {
    it(`${row.enters ? 'lets in' : 'refuses'}: ${row.name}`, async () => {
      const before = guarded.entered.length;
      const reply = await readStatus(
        guarded,
        row.hosts(guarded.port).map((value) => `Host: ${value}`),
      );
      expect(guarded.entered.length - before).toBe(row.enters ? 1 : 0);
      if (row.enters) return expect(reply.status).toBe(200);
      // Node's own parser refuses a missing Host with 400 before us.
      expect([400, 403]).toContain(reply.status);
      if (reply.status === 403) expect(JSON.parse(reply.body).error.code).toBe('forbidden_host');
    });
  }

  it('refuses HTTP/1.0 without Host', async () => {
    const reply = await sendRaw(guarded.port, ['GET /admin/status HTTP/1.0', authorization]);
    expect(reply.status).toBe(403);
  });

  it('refuses a request target that names a host', async () => {
    for (const target of [`http://127.0.0.1:${guarded.port}/admin/status`, 'http://evil.example/admin/status', 'admin/status', '*']) {
      const before = guarded.entered.length;
      const reply = await readStatus(guarded, [`Host: 127.0.0.1:${guarded.port}`], target);
      expect([400, 403], target).toContain(reply.status);
      expect(guarded.entered.length, target).toBe(before);
    }
  });

  it('says which names it answers to', async () => {
    const reply = await readStatus(guarded, ['Host: laptop.local']);
    expect(JSON.parse(reply.body).error.message).toContain(`127.0.0.1:${guarded.port}`);
  });

  it('negative control: without the boundary, the refused hosts are answered', async () => {
    const refused = hostTable.filter((row) => !row.enters && row.hosts(1).length === 1);
    const replies = await Promise.all(refused.map((row) => readStatus(open, [`Host: ${row.hosts(open.port)[0]}`])));
    expect(replies.filter((reply) => reply.status === 200).length).toBe(refused.length);
  });
});

describe('A2, A3: Origin and Sec-Fetch-Site', () => {
  for (const row of originTable) {
    it(`${row.enters ? 'lets in' : 'refuses'} ${row.name}`, async () => {
      const before = guarded.entered.length;
      const reply = await readStatus(guarded, [`Host: 127.0.0.1:${guarded.port}`, ...row.headers(guarded.port)]);
      expect(guarded.entered.length - before).toBe(row.enters ? 1 : 0);
      expect(reply.status).toBe(row.enters ? 200 : 403);
      if (!row.enters) expect(JSON.parse(reply.body).error.code).toBe('forbidden_origin');
    });
  }

  it('negative control: without the boundary, the refused origins are answered', async () => {
    const refused = originTable.filter((row) => !row.enters);
    const replies = await Promise.all(refused.map((row) => readStatus(open, [`Host: 127.0.0.1:${open.port}`, ...row.headers(open.port)])));
    expect(replies.filter((reply) => reply.status === 200).length).toBe(refused.length);
  });
});

describe('checkBoundary', () => {
  const allowed = { hosts: new Set(['localhost:7979']) };

  it('finds headers however they are written', () => {
    expect(checkBoundary({ url: '/', rawHeaders: ['HOST', 'localhost:7979'] }, allowed)).toBeNull();
    expect(checkBoundary({ url: '/', rawHeaders: ['host', 'localhost:7979', 'ORIGIN', 'null'] }, allowed)?.code).toBe('forbidden_origin');
    expect(checkBoundary({ url: '/', rawHeaders: ['host', 'localhost:7979', 'SEC-fetch-SITE', 'same-site'] }, allowed)?.code).toBe(
      'forbidden_origin',
    );
  });

  it('cuts what it quotes', () => {
    const error = checkBoundary({ url: '/', rawHeaders: ['host', 'x'.repeat(5000)] }, allowed);
    expect(error?.message.length).toBeLessThan(400);
  });
});
