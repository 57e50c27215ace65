/** Negative control: the tables of the other tests, against the same gateway with its boundary taken out, must fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { hostTable, originTable } from '../support/boundary-tables.ts';
import { openChromium, openForeignSite } from '../support/chromium.ts';
import { type GuardedPort, listAttempts, listBoundaryFailures, listDoors, listOpenDoors } from '../support/gateway-doors.ts';
import { attackGateway } from '../support/page-attacks.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

vi.mock('../../src-main/gateway/boundary.ts', () => ({ checkBoundary: () => null }));

let tollgate: TestGateway;
let unguarded: GuardedPort;

beforeAll(async () => {
  tollgate = await openTestGateway();
  const adminToken = readFileSync(join(tollgate.dataDir, 'admin-token'), 'utf8').trim();
  unguarded = { port: tollgate.gateway.port, adminToken, callerKey: tollgate.key };
});
afterAll(() => tollgate.close());

it('every row of the Host and Origin tables that is to be refused gets in', async () => {
  const rows = [...hostTable, ...originTable].filter(({ enters }) => !enters);
  const failures = await listBoundaryFailures(unguarded, rows);
  // Node itself refuses a missing, an empty and a doubled Host, whoever stands behind it.
  const refusedByNode = ['missing', 'empty', 'ours, then another', 'another, then ours', 'ours twice'];
  expect(new Set(failures.map((line) => line.replace(/^[^,]+, /, '').replace(/: \d+$/, ''))).size).toBeGreaterThanOrEqual(
    rows.length - refusedByNode.length,
  );
});

it('every attack of the route table that only the boundary stops gets in, none of those that the token stops', async () => {
  const doors = listDoors();
  const attempts = listAttempts(doors, 403);
  expect((await listOpenDoors(unguarded, attempts)).length).toBe(attempts.length);
  expect(await listOpenDoors(unguarded, listAttempts(doors, 401))).toEqual([]);
});

it('a web page that knows a caller key spends it', async () => {
  tollgate.upstream.reset();
  const browser = await openChromium();
  const site = await openForeignSite('<!doctype html><title>page</title>');
  const { before, after } = await attackGateway(
    browser,
    `http://127.0.0.1:${site.port}/`,
    `http://127.0.0.1:${tollgate.gateway.port}`,
    tollgate,
  );
  expect(after.upstreamCalls - before.upstreamCalls).toBeGreaterThanOrEqual(3);
  expect(after.rows - before.rows).toBeGreaterThanOrEqual(3);
  await site.close();
  await browser.close();
}, 60_000);
