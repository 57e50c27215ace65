import { Agent, request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';

let listener: AdminListener;
beforeEach(async () => {
  listener = await openAdminListener();
});
afterEach(() => listener.close());

function readStatus(headers: Record<string, string>, agent?: Agent, path = '/admin/status'): Promise<{ status: number; ms: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; ms: number }>();
  const startedAt = performance.now();
  request(`${listener.url}${path}`, { headers, agent }, (response) => {
    response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt }));
  })
    .on('error', reject)
    .end();
  return promise;
}

it('B5: 2,000 bad tokens are all refused, lock nobody out and do not slow the good one', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const probe = new Agent({ keepAlive: true, maxSockets: 1 });
  let guessing = true;
  const guesses = Promise.all(
    Array.from({ length: 2000 }, async (_, n) => (await readStatus({ authorization: `Bearer guess-${n}` }, agent)).status),
  ).finally(() => {
    guessing = false;
  });
  const probes: { status: number; ms: number }[] = [];
  while (guessing) probes.push(await readStatus({ authorization: `Bearer ${testAdminToken}` }, probe));
  expect(new Set(await guesses)).toEqual(new Set([401]));
  expect(probes.length).toBeGreaterThan(10);
  expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([200]));
  // The machine that runs this is shared; a lock-out or a growing delay would be seconds.
  expect(probes.toSorted((a, b) => a.ms - b.ms)[Math.floor(probes.length / 2)]?.ms).toBeLessThan(50);
  agent.destroy();
  probe.destroy();
});

const payloads = [
  "' OR 1=1 --",
  "' OR ''='",
  `${testAdminToken}' --`,
  '" OR ""="',
  '1; DROP TABLE keys',
  "' UNION SELECT hash FROM caller_keys --",
  '{"$ne":null}',
  '{"$gt":""}',
  '[object Object]',
  'true',
  'null',
  'undefined',
  '*',
  '%',
  '%00',
  '../../admin-token',
  '$(cat admin-token)',
  '__proto__',
  'constructor',
  'toString',
  testAdminToken.slice(0, -1),
  `${testAdminToken}x`,
  ` ${testAdminToken}`,
  testAdminToken.toUpperCase(),
  `${testAdminToken},${testAdminToken}`,
  'a'.repeat(5000),
];

it('B4: injections in every place a credential could stand are refused and change nothing', async () => {
  const before = JSON.stringify(listener.services.state);
  for (const payload of payloads) {
    const places: Record<string, string>[] = [
      { authorization: `Bearer ${payload}` },
      { authorization: `Basic ${Buffer.from(`admin:${payload}`).toString('base64')}` },
      { authorization: payload },
      { 'x-api-key': payload },
      { cookie: `token=${payload}; admin=${payload}` },
    ];
    for (const headers of places) expect((await readStatus(headers)).status, payload.slice(0, 40)).toBe(401);
  }
  expect(JSON.stringify(listener.services.state)).toBe(before);
});

it('B3: the token counts in the Authorization header only', async () => {
  const elsewhere: Record<string, string>[] = [
    { cookie: `token=${testAdminToken}` },
    { 'x-api-key': testAdminToken },
    { authorization: testAdminToken },
  ];
  for (const headers of elsewhere) expect((await readStatus(headers)).status).toBe(401);
  for (const name of ['token', 'access_token', 'key', 'api_key', 'authorization']) {
    expect((await readStatus({}, undefined, `/admin/status?${name}=${testAdminToken}`)).status, name).toBe(401);
  }
  expect((await readStatus({ authorization: `Bearer ${testAdminToken}` })).status).toBe(200);
});
