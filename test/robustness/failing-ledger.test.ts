import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { callerPaths } from '../support/caller-paths.ts';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { fillDisk } from '../support/fill-disk.ts';
import { listCalls } from '../support/list-calls.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestGateway, spawnTestGateway, type TestGateway } from '../support/test-gateway.ts';
import type { GatewayClient, RawReply } from '../support/test-gateway-client.ts';

let upstream: FakeUpstream;
let healthy: TestGateway;
let expected: RawReply[];
beforeAll(async () => {
  upstream = await openFakeUpstream();
  healthy = await openTestGateway({ upstream });
  expected = await askAll(healthy);
});
afterAll(async () => {
  await healthy.close();
  await upstream.close();
});

/** 200 calls: every way, streaming and not, good and refused. */
async function askAll(gateway: GatewayClient): Promise<RawReply[]> {
  const requests = Array.from({ length: 20 }, (_, round) =>
    callerPaths.flatMap((path) => [path.request(`${round} [think]`, true), path.request(`${round}`, false)]),
  ).flat();
  const replies: RawReply[] = [];
  for (let at = 0; at < requests.length; at += 10) {
    replies.push(...(await Promise.all(requests.slice(at, at + 10).map(({ path, body }) => gateway.post(path, body)))));
  }
  return replies;
}

/** Without what differs from call to call. */
function contentOf({ status, body, headers }: RawReply): unknown {
  const { date: _date, 'x-tollgate-call-id': _id, ...rest } = headers;
  return { status, text: body.toString('latin1').replaceAll(/"created":\d+/g, '"created":0'), headers: rest };
}

function expectSameAnswers(replies: readonly RawReply[], drop: readonly string[] = []): void {
  const trim = (reply: RawReply) =>
    contentOf({ ...reply, headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !drop.includes(name))) });
  expect(replies.map(trim)).toEqual(expected.map(trim));
}

interface LedgerStatus {
  ledger: { message: string | null };
}

async function askOnce(gateway: GatewayClient): Promise<string> {
  const [path] = callerPaths;
  const request = path?.request('again', false) ?? { path: '', body: {} };
  return (await gateway.readCall(await gateway.post(request.path, request.body))).status;
}

const readHealth = async (gateway: GatewayClient) => (await gateway.send('/healthz')).json<{ status: string }>().status;

const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

it.skipIf(!canMount)(
  'J8: a full disk changes no answer; health says so, the calls are kept, and it mends itself',
  async () => {
    const dataDir = makeTemporaryFolder();
    const journal = join(dataDir, 'journal');
    mkdirSync(journal);
    const mount = 'mount -t tmpfs -o size=1m,mode=700 tmpfs "$1" && shift && exec "$@"';
    const broken = await spawnTestGateway({ upstream, dataDir, within: ['unshare', '-rm', 'sh', '-c', mount, 'sh', journal] });
    onTestFinished(() => broken.close());
    // The disk is there for that process alone.
    const filler = `/proc/${broken.child.pid}/root${journal}/filler`;
    fillDisk(filler);
    expectSameAnswers(await askAll(broken));
    expect(await readHealth(broken)).toBe('degraded');
    expect((await broken.admin<LedgerStatus>('/admin/status')).ledger.message).toContain('ENOSPC');
    const rows = await listCalls(broken);
    expect(rows).toHaveLength(expected.length);
    expect(rows.filter(({ status }) => status !== 'ok')).toEqual([]);

    rmSync(filler);
    expect(await askOnce(broken)).toBe('ok');
    expect(await readHealth(broken)).toBe('ok');
  },
  60_000,
);

it('J8: a journal that has lost its folder changes no answer either', async () => {
  const broken = await openTestGateway({ upstream });
  const journal = join(broken.dataDir, 'journal');
  rmSync(journal, { recursive: true, force: true });
  // A file where the folder should be: every write fails, as on a disk that is gone.
  writeFileSync(journal, '');
  expectSameAnswers(await askAll(broken));
  expect(await readHealth(broken)).toBe('degraded');
  expect((await broken.admin<LedgerStatus>('/admin/status')).ledger.message).toContain('journal');
  expect(await listCalls(broken)).toHaveLength(expected.length);

  rmSync(journal);
  expect(await askOnce(broken)).toBe('ok');
  expect(await readHealth(broken)).toBe('ok');
  await broken.close();
}, 60_000);

it('J8: without a price book every answer is the same but for its cost, which is unknown', async () => {
  const priceBook = readFileSync(new URL('../../resources/price-book.json', import.meta.url), 'utf8');
  const parse = JSON.parse;
  vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    if (text === priceBook) throw new Error('the price book is damaged');
    return parse(text, reviver);
  });
  const broken = await openTestGateway({ upstream });
  expectSameAnswers(await askAll(broken), ['x-tollgate-cost-usd']);
  vi.restoreAllMocks();
  const rows = await listCalls(broken);
  expect(rows).toHaveLength(expected.length);
  for (const row of rows) expect(row).toMatchObject({ status: 'ok', costNanoUsd: null, costSource: 'unknown' });
  expect(rows.every(({ usage }) => usage.outputText !== null)).toBe(true);
  expect(broken.log.some((line) => line.includes('the price book is damaged'))).toBe(true);
  await broken.close();
}, 60_000);
