import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCallIds } from '../../src-main/domain/call-id.ts';
import { openLedger } from '../../src-main/store/open-ledger.ts';
import { fillDisk } from '../support/fill-disk.ts';
import { makeEnd, makeStart } from './ledger-records.ts';

// Runs a ledger on a small disk that fills up and gets room again, and says what it saw. For ledger-trouble.test.ts.
const dataDir = process.argv[2] ?? '';
const threadUrl = new URL('../../src-main/store/ledger-thread.ts', import.meta.url);
const reserve = join(dataDir, 'disk-reserve');
const filler = join(dataDir, 'filler');

const { ledger } = await openLedger({ dataDir, threadUrl, clock: Date.now, limits: null });
const nextId = createCallIds(Date.now);
const ids: number[] = [];
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function waitFor(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return true;
    await sleep(25);
  }
  return false;
}

function record(): void {
  const id = nextId();
  ids.push(id);
  ledger.recordStart(makeStart(id));
  ledger.recordEnd(makeEnd(id));
  ledger.recordBodies(id, { request: randomBytes(1_000_000), response: null });
}

record();
const hadReserve = await waitFor(() => existsSync(reserve));
fillDisk(filler);
const messages = new Set<string>();
for (let count = 0; count < 60; count++) {
  record();
  await sleep(10);
  if (ledger.health.message !== null) messages.add(ledger.health.message);
}
const releasedReserve = await waitFor(() => !existsSync(reserve));
const { droppedBodies } = ledger.health;
rmSync(filler);
await waitFor(() => ledger.health.pendingRecords === 0);
record();
await ledger.flush();
const isWellAgain = await waitFor(() => ledger.health.state === 'ok' && existsSync(reserve));
await ledger.close();

const { default: Database } = await import('better-sqlite3');
const db = new Database(join(dataDir, 'traces.db'), { readonly: true });
const rows = new Set(db.prepare<[], number>('SELECT id FROM calls WHERE status = 1').pluck().all());
const summary = {
  hadReserve,
  releasedReserve,
  isWellAgain,
  droppedBodies,
  messages: [...messages],
  missing: ids.filter((id) => !rows.has(id)).length,
  calls: ids.length,
  check: db.pragma('quick_check', { simple: true }),
};
process.stdout.write(JSON.stringify(summary));
