import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderIdentityProof } from '../../src-main/machine/identity-proof.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';

let listener: AdminListener;
beforeEach(async () => {
  listener = await openAdminListener();
});
afterEach(() => listener.close());

const authorization = { authorization: `Bearer ${testAdminToken}` };

describe('GET /healthz', () => {
  it('says ok or degraded, and nothing secret', async () => {
    const read = async () => (await fetch(`${listener.url}/healthz`)).json();
    expect(await read()).toEqual({ status: 'ok', version: '0.1.0-test' });
    Object.assign(listener.services.state.health, { state: 'degraded', message: 'disk full at /home/x' });
    expect(await read()).toEqual({ status: 'degraded', version: '0.1.0-test' });
  });
});

describe('GET /metrics', () => {
  it('speaks the Prometheus text format, one TYPE line per family', async () => {
    const samples: [string, number][] = [
      ['tollgate_calls_total{status="ok"}', 12],
      ['tollgate_open_streams', 0],
      ['tollgate_calls_total{status="error"}', 3],
      ['tollgate_odd', Number.POSITIVE_INFINITY],
    ];
    for (const [name, value] of samples) listener.services.state.metrics.set(name, value);
    const reply = await fetch(`${listener.url}/metrics`, { headers: authorization });
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await reply.text()).toBe(
      [
        '# TYPE tollgate_calls_total counter',
        'tollgate_calls_total{status="ok"} 12',
        'tollgate_calls_total{status="error"} 3',
        '# TYPE tollgate_open_streams gauge',
        'tollgate_open_streams 0',
        '# TYPE tollgate_odd gauge',
        'tollgate_odd +Inf',
        '',
      ].join('\n'),
    );
  });

  it('needs the token', async () => expect((await fetch(`${listener.url}/metrics`)).status).toBe(401));
});

describe('A14: GET /identify', () => {
  const nonce = 'nonce-of-the-test-0123456789';
  const ask = async (value: string) => fetch(`${listener.url}/identify?nonce=${value}`);

  it('proves the admin token for this nonce and this socket', async () => {
    const { proof } = (await (await ask(nonce)).json()) as { proof: string };
    expect(proof).toBe(renderIdentityProof(testAdminToken, nonce, '127.0.0.1', listener.port));
    const wrong = [
      renderIdentityProof('other token', nonce, '127.0.0.1', listener.port),
      renderIdentityProof(testAdminToken, `${nonce}x`, '127.0.0.1', listener.port),
      renderIdentityProof(testAdminToken, nonce, '::1', listener.port),
      renderIdentityProof(testAdminToken, nonce, '127.0.0.1', listener.port + 1),
    ];
    expect(wrong).not.toContain(proof);
  });

  it('does not hold the token', async () => expect(await (await ask(nonce)).text()).not.toContain(testAdminToken));

  it.each(['', 'short', 'x'.repeat(129), 'a%0Ab%0Ac%0Ad%0Ae%0Af0123456789'])('refuses the nonce %j', async (value) => {
    expect((await ask(value)).status).toBe(400);
  });
});

describe('B3: sessions of the UI', () => {
  const exchange = async (body: unknown) =>
    fetch(`${listener.url}/admin/ui-session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const createCode = async (headers: Record<string, string> = authorization) => {
    const reply = await fetch(`${listener.url}/admin/ui-code`, { method: 'POST', headers });
    return { status: reply.status, code: ((await reply.json()) as { code: string }).code };
  };
  const readStatus = async (token: string) =>
    (await fetch(`${listener.url}/admin/status`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('trades a code for a token, once', async () => {
    const { code } = await createCode();
    expect(Buffer.from(code, 'base64url').length).toBe(20);
    const reply = await exchange({ code });
    const { token } = (await reply.json()) as { token: string };
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect(await readStatus(token)).toBe(200);
    expect((await exchange({ code })).status).toBe(401);
    expect(await readStatus(code)).toBe(401);
    expect(await readStatus(`${token}x`)).toBe(401);
  });

  it('refuses a code after a minute', async () => {
    const { code } = await createCode();
    listener.services.state.now += 60_001;
    expect((await exchange({ code })).status).toBe(401);
  });

  it('refuses wrong codes without hurting open ones', async () => {
    const { code } = await createCode();
    for (const guess of ['x', code.slice(1), `${code}x`, '__proto__']) expect((await exchange({ code: guess })).status).toBe(401);
    expect((await exchange({})).status).toBe(400);
    expect((await exchange({ code: [code] })).status).toBe(400);
    expect((await exchange({ code })).status).toBe(200);
  });

  it('gives codes to holders of the token only', async () => expect((await createCode({})).status).toBe(401));

  it('keeps at most a hundred open codes', async () => {
    const first = await createCode();
    for (let n = 0; n < 100; n++) await createCode();
    expect((await exchange({ code: first.code })).status).toBe(401);
  });

  it('is refused to pages of other origins', async () => {
    const { code } = await createCode();
    const reply = await fetch(`${listener.url}/admin/ui-session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost:5173' },
      body: JSON.stringify({ code }),
    });
    expect(reply.status).toBe(403);
  });
});
