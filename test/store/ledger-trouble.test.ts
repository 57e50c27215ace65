import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/store/database.ts';
import { frameTypes, writeFrame } from '../../src-main/store/journal/frames.ts';
import { JournalReader } from '../../src-main/store/journal/journal-reader.ts';
import { type JournalRecord, renderEnd } from '../../src-main/store/journal/records.ts';
import { segmentPath } from '../../src-main/store/journal/segments.ts';
import { WorkQueue } from '../../src-main/store/ledger-writer/work-queue.ts';
import { journaledEnd } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeDataDir, makeIds, readTraces, startLedger } from './ledger-support.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const countCalls = (dataDir: string) => readTraces(dataDir, (db) => db.prepare('SELECT count(*) FROM calls').pluck().get());
const body = (length: number) => Buffer.alloc(length, 'x');

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('waited in vain');
    await sleep(25);
  }
}

describe('journal that cannot be written', () => {
  it('H3: records go to SQLite past it, health says so, and it is used again when it works', async () => {
    let isFull = false;
    const writeJournal = ((...args: Parameters<typeof writeSync>) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return writeSync(...args);
    }) as typeof writeSync;
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir, { writeJournal });
    const nextId = makeIds();
    const record = () => {
      const id = nextId();
      ledger.recordStart(makeStart(id));
      ledger.recordEnd(makeEnd(id));
    };
    record();
    isFull = true;
    for (let count = 0; count < 20; count++) record();
    await ledger.written();
    expect(ledger.health).toMatchObject({ state: 'degraded', message: expect.stringContaining('ENOSPC') });
    await ledger.flush();
    expect(countCalls(dataDir)).toBe(21);
    isFull = false;
    record();
    await ledger.flush();
    expect(ledger.health).toEqual({ state: 'ok', message: null, droppedBodies: 0, pendingRecords: 0 });
    expect(countCalls(dataDir)).toBe(22);
  });
});

describe('full disk', () => {
  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

  it.skipIf(!canMount)(
    'H3: calls are kept, bodies dropped and counted, the reserve given back, and all goes on by itself',
    { timeout: 60_000 },
    () => {
      const dir = makeDataDir();
      const child = fileURLToPath(new URL('ledger-full-disk-child.ts', import.meta.url));
      const script = 'mount -t tmpfs -o size=200m tmpfs "$1" && exec "$2" "$3" "$1"';
      const output = execFileSync('unshare', ['-rm', 'sh', '-c', script, 'sh', dir, process.execPath, child], { encoding: 'utf8' });
      const result = JSON.parse(output) as { messages: string[]; droppedBodies: number };
      expect(result).toMatchObject({ hadReserve: true, releasedReserve: true, isWellAgain: true, missing: 0, calls: 62, check: 'ok' });
      expect(result.messages.join()).toMatch(/disk is full|ENOSPC/);
      expect(result.droppedBodies).toBeGreaterThan(0);
    },
  );
});

describe('records past the journal', () => {
  it('H5: are bounded in memory', () => {
    const queue = new WorkQueue(new JournalReader(makeDataDir()), { segment: 0, offset: 0 });
    const records = Array<JournalRecord>(15_000).fill(journaledEnd(makeEnd(1)));
    expect([queue.addDirect(records), queue.addDirect(records), queue.addDirect(records)]).toEqual([0, 10_000, 15_000]);
  });
});

describe('bodies', () => {
  it('H5: are dropped and counted when more wait than is allowed, calls are not', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir, { maxQueuedBytes: 100_000 });
    const nextId = makeIds();
    for (let count = 0; count < 10; count++) {
      const id = nextId();
      ledger.recordEnd(makeEnd(id));
      ledger.recordBodies(id, { request: body(30_000), response: [body(10_000), body(10_000)] });
    }
    expect(ledger.health.droppedBodies).toBeGreaterThan(10);
    await ledger.flush();
    expect(countCalls(dataDir)).toBe(10);
    // There is room again.
    const { droppedBodies } = ledger.health;
    const id = nextId();
    ledger.recordBodies(id, { request: body(30_000), response: null });
    await ledger.flush();
    expect(ledger.health.droppedBodies).toBe(droppedBodies);
  });
});

describe('locked file', () => {
  it('H5: the request loop does not wait for it, and everything is written when it is free', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir);
    const other = openDatabase(join(dataDir, 'traces.db'), { synchronous: 'NORMAL' });
    other.exec('BEGIN IMMEDIATE');
    const nextId = makeIds();
    const started = performance.now();
    for (let count = 0; count < 200; count++) ledger.recordEnd(makeEnd(nextId()));
    expect(performance.now() - started).toBeLessThan(200);
    await waitFor(() => ledger.health.message?.includes('locked') === true);
    expect(ledger.health).toMatchObject({ state: 'degraded', pendingRecords: 200 });
    other.exec('COMMIT');
    other.close();
    await ledger.flush();
    expect(ledger.health).toMatchObject({ state: 'ok', pendingRecords: 0 });
    expect(countCalls(dataDir)).toBe(200);
  });
});

describe('damaged file', () => {
  const garbage = Buffer.alloc(40_000, 'not a database ');

  it.each([
    ['that is no database', (path: string) => writeFileSync(path, garbage)],
    ['that is empty', (path: string) => writeFileSync(path, '')],
    ['of which the first pages are overwritten', (path: string) => overwrite(path, 100, 12_000)],
  ])('H6: %s is put aside, said aloud, and the journal is applied to a new one', async (_, damage) => {
    const dataDir = makeDataDir();
    const nextId = makeIds();
    const first = await startLedger(dataDir);
    first.ledger.recordEnd(makeEnd(nextId()));
    await first.close();
    const path = join(dataDir, 'traces.db');
    damage(path);
    const { size } = statSync(path);
    // A call of the run before that has not been applied yet.
    const frame = Buffer.alloc(2_000);
    const length = writeFrame(frame, 0, frameTypes.end, renderEnd(makeEnd(nextId()), true));
    writeFileSync(segmentPath(join(dataDir, 'journal'), 3), frame.subarray(0, length));

    const second = await startLedger(dataDir);
    expect(second.notices).toEqual([expect.stringMatching(/damaged.*traces\.db\.corrupt-\d+/)]);
    const aside = readdirSync(dataDir).find((name) => /^traces\.db\.corrupt-\d+$/.test(name)) ?? '';
    expect(statSync(join(dataDir, aside)).size).toBe(size);
    expect(countCalls(dataDir)).toBe(1);
    await second.close();
    expect((await startLedger(dataDir)).notices).toEqual([]);
  });

  it('H6: found while running is put aside too, and nothing of the running journal is lost', async () => {
    const dataDir = makeDataDir();
    const path = join(dataDir, 'traces.db');
    const { ledger } = await startLedger(dataDir);
    const nextId = makeIds();
    const record = () => {
      const id = nextId();
      ledger.recordStart(makeStart(id));
      ledger.recordEnd(makeEnd(id));
    };
    record();
    await ledger.flush();
    // Another connection's write makes the writer read its pages again.
    const other = openDatabase(path, { synchronous: 'NORMAL' });
    other.exec("INSERT INTO meta VALUES ('x', 1)");
    other.pragma('wal_checkpoint(TRUNCATE)');
    overwrite(path, 8_192, statSync(path).size - 8_192);
    other.close();
    for (let count = 0; count < 5; count++) record();
    await waitFor(() => ledger.health.message?.includes('put aside') === true);
    record();
    await ledger.flush();
    expect(countCalls(dataDir)).toBe(7);
  });

  it('H6: a torn journal costs only what is torn', async () => {
    const dataDir = makeDataDir();
    const first = await startLedger(dataDir);
    await first.close();
    writeFileSync(segmentPath(join(dataDir, 'journal'), 5), Buffer.from('half a frame'));
    const second = await startLedger(dataDir);
    expect(second.notices).toEqual([expect.stringContaining('12 bytes of the journal')]);
    second.ledger.recordEnd(makeEnd(makeIds()()));
    await second.close();
    expect(countCalls(dataDir)).toBe(1);
    expect(readdirSync(join(dataDir, 'journal'))).toEqual([]);
  });
});

describe('record that SQLite does not take', () => {
  it('is kept aside and said aloud, and the others are stored', async () => {
    const dataDir = makeDataDir();
    await (await startLedger(dataDir)).close();
    const nextId = makeIds();
    const frames = Buffer.alloc(20_000);
    let length = 0;
    for (const id of [nextId(), 0.5, nextId(), nextId()]) {
      length = writeFrame(frames, length, frameTypes.end, renderEnd({ ...makeEnd(1), id }, true));
    }
    writeFileSync(segmentPath(join(dataDir, 'journal'), 3), frames.subarray(0, length));
    const { notices, ledger } = await startLedger(dataDir);
    expect(notices).toEqual([expect.stringContaining('rejected.jsonl')]);
    expect(countCalls(dataDir)).toBe(3);
    expect(readFileSync(join(dataDir, 'journal', 'rejected.jsonl'), 'utf8')).toContain('"id":0.5');
    ledger.recordEnd(makeEnd(nextId()));
    await ledger.flush();
    expect(countCalls(dataDir)).toBe(4);
  });
});

describe('writer thread that dies', () => {
  it('is started again and goes on from the journal', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir, { threadUrl: new URL('dying-ledger-thread.ts', import.meta.url) });
    const nextId = makeIds();
    const open = nextId();
    ledger.recordStart(makeStart(open));
    const record = () => {
      const id = nextId();
      ledger.recordEnd(makeEnd(id));
      ledger.recordBodies(id, { request: body(100), response: null });
    };
    record();
    await waitFor(() => existsSync(join(dataDir, 'died')));
    await waitFor(() => ledger.health.message?.includes('out of luck') === true);
    record();
    await waitFor(() => ledger.health.state === 'ok');
    // Running calls of this process are not taken for those of a dead one.
    ledger.recordEnd(makeEnd(open));
    await ledger.flush();
    expect(ledger.health.pendingRecords).toBe(0);
    readTraces(dataDir, (db) => expect(db.prepare('SELECT status, count(*) AS n FROM calls').all()).toEqual([{ status: 1, n: 3 }]));
  });
});

function overwrite(path: string, from: number, length: number): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(length, 0xa5), 0, length, from);
  closeSync(fd);
}
