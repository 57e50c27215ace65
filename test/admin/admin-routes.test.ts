import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { makeCall } from '../support/admin-fakes.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';

let listener: AdminListener;
beforeEach(async () => {
  listener = await openAdminListener();
});
afterEach(() => listener.close());

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const reply = await fetch(listener.url + path, {
    method,
    headers: { authorization: `Bearer ${testAdminToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json() };
}

const get = (path: string) => send('GET', path);

describe('calls', () => {
  beforeEach(() => {
    for (let n = 1; n <= 3; n++) listener.services.state.calls.push(makeCall(n, { tags: { team: 'ml-ops' } }));
  });

  it('lists pages by cursor', async () => {
    const first = await get('/admin/calls?limit=2');
    expect(first.body.items.map((call: { id: string }) => call.id)).toEqual([renderCallId(3), renderCallId(2)]);
    const second = await get(`/admin/calls?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ id: renderCallId(1) }], nextCursor: null });
  });

  it('lists what the contract names and no more', async () => {
    const { items } = (await get('/admin/calls')).body;
    expect(items[0]).toHaveProperty('costNanoUsd', 41_200_000);
    expect(items[0]).not.toHaveProperty('rawUsage');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['from=yesterday', 'from'],
    ['limit=1&limit=2', 'limit'],
    ['unknown=1', 'unknown'],
    ['__proto__=1', '__proto__'],
    ['cursor=nonsense', 'cursor'],
  ])('refuses ?%s and names the field', async (query, param) => {
    const { status, body } = await get(`/admin/calls?${query}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_request', param });
    expect(body.error.message.length).toBeGreaterThan(20);
  });

  it('reads one with its cost lines recomputed', async () => {
    listener.services.state.calls.push(makeCall(4, { priceRow: { id: 'row-1' } }));
    const { body } = await get(`/admin/calls/${renderCallId(4)}`);
    expect(body).toMatchObject({ id: renderCallId(4), rawUsage: { prompt_tokens: 1000 } });
    expect(body.costLines).toEqual([{ priceRow: { id: 'row-1' }, usage: body.usage }]);
  });

  it.each(['call_zzzzzzzzzzz', 'nonsense', '1', '%2e%2e', 'call_00000000001%2F..'])('answers 404 for the call %s', async (id) => {
    for (const path of [`/admin/calls/${id}`, `/admin/calls/${id}/bodies`]) {
      expect(await get(path)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect((await send('DELETE', `/admin/calls/${id}`)).status).toBe(404);
  });

  it('gives bodies as the ledger has rendered them', async () => {
    listener.services.state.bodies.set(renderCallId(1), '{"request":  "ü","requestEncoding":"utf8"}');
    const reply = await fetch(`${listener.url}/admin/calls/${renderCallId(1)}/bodies`, {
      headers: { authorization: `Bearer ${testAdminToken}` },
    });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await reply.text()).toBe('{"request":  "ü","requestEncoding":"utf8"}');
  });

  it('deletes one', async () => {
    expect(await send('DELETE', `/admin/calls/${renderCallId(2)}`)).toEqual({ status: 200, body: { ok: true } });
    expect((await get(`/admin/calls/${renderCallId(2)}`)).status).toBe(404);
    expect((await get('/admin/calls')).body.items.length).toBe(2);
  });

  it('waits for calls that are recorded but not committed', async () => {
    await get('/admin/calls');
    expect(listener.services.state.flushes).toBe(0);
    listener.services.state.health.pendingRecords = 1;
    await get('/admin/calls');
    expect(listener.services.state.flushes).toBe(1);
  });

  it('lists tags and conversations', async () => {
    expect((await get('/admin/tags')).body).toEqual({ tags: [{ key: 'team', values: ['ml-ops'] }] });
    expect((await get('/admin/conversations?limit=5')).body).toEqual({ items: [], nextCursor: null });
  });
});

describe('spend', () => {
  beforeEach(() => {
    const add = (n: number, tags: Record<string, string>, costNanoUsd: number | null) =>
      listener.services.state.calls.push(makeCall(n, { tags, costNanoUsd }));
    add(1, { team: 'ml-ops', env: 'ci' }, 100);
    add(2, { team: 'ml-ops' }, 20);
    add(3, { team: 'web' }, null);
  });

  it('groups by a tag and filters by several', async () => {
    const byTeam = (await get('/admin/spend?groupBy=tag:team')).body;
    expect(byTeam.groups.map((group: { key: string; costNanoUsd: number }) => [group.key, group.costNanoUsd])).toEqual([
      ['ml-ops', 120],
      ['web', 0],
    ]);
    expect(byTeam.totals).toMatchObject({ calls: 3, unpriced: 1, costNanoUsd: 120 });
    expect((await get('/admin/spend?tag=team:ml-ops')).body.totals.calls).toBe(2);
    expect((await get('/admin/spend?tag=team:ml-ops&tag=env')).body.totals.calls).toBe(1);
  });

  it('reads numbers and booleans of the query', async () => {
    const { from } = (await get(`/admin/spend?from=${Date.UTC(2026, 0)}&includeDemo=true`)).body;
    expect(from).toBe(Date.UTC(2026, 0));
  });

  it.each([
    'groupBy=nonsense',
    'groupBy=tag:',
    'includeDemo=yes',
    'includeDemo=1',
    `timeZone=${'x'.repeat(61)}`,
    `tag=a${'&tag=a'.repeat(20)}`,
  ])('refuses ?%s', async (query) => expect((await get(`/admin/spend?${query}`)).status).toBe(400));
});

describe('reports', () => {
  it('gives latency and cache savings as the reader has them; unknown stays null', async () => {
    listener.services.state.calls.push(makeCall(1));
    const latency = (await get('/admin/latency?groupBy=provider&from=5')).body;
    expect(latency).toMatchObject({ groupBy: 'provider', from: 5, isWhole: true, totals: { firstTokenMs: null } });
    expect((await get('/admin/cache-savings')).body.totals).toEqual({ savedNanoUsd: null, calls: 0, unknown: 1 });
    expect((await get('/admin/errors')).body).toMatchObject({ calls: 0, items: [] });
  });

  it('lists models without a price until they have one, and counts the calls that stay unpriced', async () => {
    const { state } = listener.services;
    state.calls.push(makeCall(1, { provider: 'local', model: 'org/llama', costNanoUsd: null }));
    state.calls.push(makeCall(2, { provider: 'local', model: 'org/llama', costNanoUsd: null }));
    state.calls.push(makeCall(3, { provider: 'openai', model: 'gpt-new', costNanoUsd: null }), makeCall(4));
    const llama = { provider: 'local', model: 'org/llama', calls: 2, inputTokens: 2_000, outputTokens: 400 };
    const { body } = await get('/admin/unpriced');
    expect(body).toEqual({ items: [llama, expect.objectContaining({ model: 'gpt-new', calls: 1 })], otherCalls: 0 });
    state.overrides = ['openai/gpt-new'];
    expect((await get('/admin/unpriced')).body).toEqual({ items: [llama], otherCalls: 1 });
  });

  it.each(['latency?groupBy=day', 'cache-savings?groupBy=hour', 'errors?groupBy=model', 'unpriced?from=x'])(
    'refuses /admin/%s',
    async (path) => expect((await get(`/admin/${path}`)).status).toBe(400),
  );
});

describe('providers', () => {
  it('saves, tests and removes; the key never comes back', async () => {
    const saved = await send('POST', '/admin/providers', { id: 'openai', key: 'sk-canary-1234' });
    expect(saved.body).toMatchObject({ provider: { id: 'openai', key: { state: 'set', lastFour: '1234' } }, test: { ok: true } });
    const listed = await get('/admin/providers');
    expect(JSON.stringify([saved, listed])).not.toMatch(/sk-canary|sealedKey/);
    expect((await send('POST', '/admin/providers/openai/test')).body).toMatchObject({ ok: true, models: ['m-1'] });
    expect((await send('DELETE', '/admin/providers/openai')).body).toEqual({ ok: true });
    expect((await get('/admin/providers')).body.items).toEqual([]);
  });

  it.each([
    [{}, 'id'],
    [{ id: 'Open AI' }, 'id'],
    [{ id: 'x', dialect: 'nonsense' }, 'dialect'],
    [{ id: 'x', models: [''] }, 'models[0]'],
    [{ id: 'x', enabled: 'true' }, 'enabled'],
    [{ id: 'x', api_base: 'http://evil.example' }, 'api_base'],
  ])('refuses %j and names the field', async (input, param) => {
    const { status, body } = await send('POST', '/admin/providers', input);
    expect(status).toBe(400);
    expect(body.error.param).toBe(param);
    expect(body.error.message).toContain(param);
    expect(listener.services.state.providers.size).toBe(1);
  });

  it('lists the choices of a field', async () => {
    const { body } = await send('POST', '/admin/providers', { id: 'x', dialect: 'nonsense' });
    expect(body.error.message).toContain('"openai-chat", "openai-responses", "anthropic-messages", "gemini-generate"');
  });

  it('passes the directory’s own errors on', async () => {
    expect(await send('POST', '/admin/providers/none/test')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', param: 'id' } },
    });
    expect((await send('DELETE', '/admin/providers/none')).status).toBe(404);
  });
});

describe('caller keys', () => {
  it('are made once, listed without hash and revoked', async () => {
    const created = await send('POST', '/admin/keys', { name: 'ci', tags: { env: 'ci' }, scope: { models: ['gpt-*'] } });
    expect(created.body).toMatchObject({
      secret: expect.stringMatching(/^tk_/),
      key: { name: 'ci', scope: { models: ['gpt-*'], providers: [] } },
    });
    const listed = await get('/admin/keys');
    expect(JSON.stringify([created.body.key, listed.body])).not.toMatch(/sha256|tk_test/);
    const revoked = await send('DELETE', `/admin/keys/${created.body.key.id}`);
    expect(revoked.body.revokedAt).toBe(listener.services.state.now);
  });

  it.each([
    {},
    { name: '' },
    { name: 7 },
    { name: 'x', tags: { a: 1 } },
    { name: 'x', scope: 'all' },
    { name: 'x', admin: true },
    [],
    'x',
    null,
  ])('refuses %j', async (input) => {
    expect((await send('POST', '/admin/keys', input)).status).toBe(400);
    expect(listener.services.state.keys).toEqual([]);
  });

  it('answers 404 for an unknown key', async () => expect((await send('DELETE', '/admin/keys/key_9')).status).toBe(404));
});

describe('settings, prices and the vault', () => {
  it('changes the settings that are named', async () => {
    expect((await send('PATCH', '/admin/settings', { recording: 'metadata' })).body).toMatchObject({
      recording: 'metadata',
      bodiesMaxAgeDays: 30,
    });
    expect((await get('/admin/settings')).body.recording).toBe('metadata');
  });

  it.each([
    { recording: 'sometimes' },
    { bodiesMaxAgeDays: 0 },
    { bodiesMaxAgeDays: '30' },
    { strictTranslation: null },
    { dailyBudgetNanoUsd: 0 },
    { dailyBudgetNanoUsd: '10' },
    { theme: 'dark' },
  ])('refuses %j', async (change) => expect((await send('PATCH', '/admin/settings', change)).status).toBe(400));

  it('replaces the price overrides', async () => {
    const items = [{ match: 'openai/gpt-x', input: 3, output: 15 }];
    expect((await send('PUT', '/admin/price-overrides', { items })).body).toEqual({ items });
    expect((await get('/admin/price-overrides')).body).toEqual({ items });
    expect((await send('PUT', '/admin/price-overrides', {})).body.error.param).toBe('items');
  });

  it('tries the vault again', async () => expect((await send('POST', '/admin/vault/retry')).body).toEqual({ state: 'ready' }));

  it('moves the vault and unlocks it', async () => {
    const moved = await send('POST', '/admin/vault/move', { kind: 'passphrase', passphrase: 'correct horse' });
    expect(moved.body).toMatchObject({ kind: 'passphrase', state: 'locked', named: false });
    const refused = await send('POST', '/admin/vault/unlock', { passphrase: 'incorrect horse' });
    expect([refused.status, refused.body.error.code]).toEqual([503, 'vault_unavailable']);
    expect((await send('POST', '/admin/vault/unlock', { passphrase: 'correct horse' })).body.state).toBe('open');
    expect(JSON.stringify([moved.body, refused.body])).not.toContain('correct horse');
  });

  it.each([
    {},
    { kind: 'cloud' },
    { kind: 'passphrase', passphrase: 'short' },
    { kind: 'passphrase', passphrase: 7 },
    { kind: 'file', path: '/x' },
  ])('does not move the vault to %j', async (input) => {
    expect((await send('POST', '/admin/vault/move', input)).status).toBe(400);
    expect(listener.services.state.vaultKind).toBe('file');
  });
});

describe('status and failures', () => {
  it('sums up what runs', async () => {
    listener.services.state.calls.push(makeCall(1, { startedAt: listener.services.state.now }), makeCall(2, { startedAt: 0 }));
    const { body } = await get('/admin/status');
    expect(body).toMatchObject({ version: '0.1.0-test', url: listener.url, pid: process.pid, callerKeys: 0, today: { calls: 1 } });
    expect(body.vault).toMatchObject({ kind: 'file', state: 'locked' });
  });

  it('reports an unexpected failure and tells the client nothing of it', async () => {
    listener.services.state.failure = new Error('secret detail /home/x');
    const { status, body } = await get('/admin/providers');
    expect(status).toBe(500);
    expect(body).toEqual({ error: { code: 'internal', message: expect.not.stringContaining('secret'), param: null } });
    expect(listener.failures).toEqual([listener.services.state.failure]);
  });

  it('answers unknown addresses with 404 in the same shape', async () => {
    for (const [method, path] of [
      ['GET', '/admin/nothing'],
      ['POST', '/admin/calls'],
      ['PUT', '/'],
      ['OPTIONS', '/admin/calls'],
    ] as const) {
      expect(await send(method, path), `${method} ${path}`).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
  });
});
