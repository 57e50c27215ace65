/**
 * Process: what recording costs a request loop, apart from everything else a call costs. Writes calls into a ledger at the
 * pace of a busy machine, measures its own loop, then as fast as they are taken. Prints RecordingResult.
 *
 *   node recording-process.ts DATA_DIR SECONDS
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallEnd, CallStart } from '../../../src-main/domain/call.ts';
import { createCallIds } from '../../../src-main/domain/call-id.ts';
import type { Ledger } from '../../../src-main/store/ledger.ts';
import { createRandom } from '../../support/random.ts';
import { createCallRecords, createTextCutter } from '../traffic/sample-records.ts';
import { openBenchLedger } from './open-bench-ledger.ts';

export interface RecordingResult {
  /** CPU of the loop's thread for the two records of a call. */
  recordsUs: number;
  /** The same with a request of 16 KB and an answer of 4 KB. */
  recordsAndBodiesUs: number;
  /** The longest turn of the loop in each of the runs with bodies, and in runs of the same loop that record nothing. */
  stallsMs: number[];
  idleStallsMs: number[];
  /** With 20 KB of bodies each, until the last is in the database. */
  callsPerSecond: number;
  droppedBodies: number;
}

const CALLS_PER_SECOND = 500;
const PAUSE_MS = 1000 / CALLS_PER_SECOND;
const COST_CALLS = 8_000;
const OPEN_CALLS = 16;
const RATE_CALLS = 6_000;
const RATE_BATCH = 500;
const BODIES = 400;

const [dataDir = '', seconds = '4'] = process.argv.slice(2);
const source = createRandom(7);
const random = (): number => source.below(2 ** 31) / 2 ** 31;
const cut = createTextCutter(random);
const bodies = Array.from({ length: BODIES }, () => ({ request: createRequest(), response: Buffer.from(cut(4_000)) }));
const newId = createCallIds(Date.now);

function createRequest(): Buffer {
  const messages = [
    { role: 'system', content: cut(6_000) },
    { role: 'user', content: cut(9_800) },
  ];
  return Buffer.from(JSON.stringify({ model: 'gpt-5', messages, stream: true }));
}

/** A body of this moment: what the proxy hands over is a fresh buffer nobody else holds. */
function takeBodies(count: number): { request: Buffer; response: Buffer[] } {
  const { request, response } = bodies[count % BODIES] ?? { request: Buffer.alloc(0), response: Buffer.alloc(0) };
  return { request: Buffer.from(request), response: [Buffer.from(response)] };
}

type Recording = 'nothing' | 'records' | 'records and bodies';

/** CPU of this thread per call, and the longest time between two turns of its loop. */
async function runPaced(ledger: Ledger, recording: Recording, durationMs: number): Promise<{ cpuUs: number; stallMs: number }> {
  let calls = 0;
  let stallMs = 0;
  let lastTurn = performance.now();
  const startedAt = lastTurn;
  const cpuBefore = process.threadCpuUsage();
  while (lastTurn - startedAt < durationMs) {
    while (calls < (lastTurn - startedAt) / PAUSE_MS) {
      const { start, end } = createCallRecords(newId(), Date.now(), random);
      const handedOver = takeBodies(calls++);
      if (recording === 'nothing') continue;
      ledger.recordStart(start);
      ledger.recordEnd(end);
      if (recording === 'records and bodies') ledger.recordBodies(start.id, handedOver);
    }
    await nextTurn();
    const now = performance.now();
    stallMs = Math.max(stallMs, now - lastTurn);
    lastTurn = now;
  }
  const { user, system } = process.threadCpuUsage(cpuBefore);
  return { cpuUs: (user + system) / calls, stallMs };
}

/**
 * CPU of this thread for one call's recording alone, in a busy loop: every turn a call ends and another begins, so both
 * records are written by themselves. The same turns without recording are taken off.
 */
async function measureCost(ledger: Ledger, recording: Recording): Promise<number> {
  const open: { start: CallStart; end: CallEnd }[] = [];
  const cpuBefore = process.threadCpuUsage();
  for (let calls = 0; calls < COST_CALLS + OPEN_CALLS; calls++) {
    const ended = calls < OPEN_CALLS ? undefined : open.shift();
    const handedOver = takeBodies(calls);
    if (ended !== undefined && recording !== 'nothing') ledger.recordEnd(ended.end);
    if (ended !== undefined && recording === 'records and bodies') ledger.recordBodies(ended.start.id, handedOver);
    if (calls < COST_CALLS) {
      const records = createCallRecords(newId(), Date.now(), random);
      open.push(records);
      if (recording !== 'nothing') ledger.recordStart(records.start);
    }
    await nextTurn();
    if (calls % RATE_BATCH === 0) await ledger.flush();
  }
  await ledger.flush();
  const { user, system } = process.threadCpuUsage(cpuBefore);
  return (user + system) / COST_CALLS;
}

/** As fast as the writer takes them: a batch is made while the one before it is being written. */
async function measureRate(ledger: Ledger): Promise<number> {
  const startedAt = performance.now();
  let batchBefore: Promise<void> = Promise.resolve();
  for (let calls = 0; calls < RATE_CALLS; calls++) {
    const { start, end } = createCallRecords(newId(), Date.now(), random);
    ledger.recordStart(start);
    ledger.recordEnd(end);
    ledger.recordBodies(start.id, takeBodies(calls));
    if (calls % 8 === 7) await nextTurn();
    if (calls % RATE_BATCH !== RATE_BATCH - 1) continue;
    await batchBefore;
    batchBefore = ledger.flush();
  }
  await ledger.flush();
  return RATE_CALLS / ((performance.now() - startedAt) / 1000);
}

const ledger = await openBenchLedger(dataDir);
await measureCost(ledger, 'records and bodies');
const nothingUs = await measureCost(ledger, 'nothing');
const recordsUs = (await measureCost(ledger, 'records')) - nothingUs;
const recordsAndBodiesUs = (await measureCost(ledger, 'records and bodies')) - nothingUs;
const stallsMs: number[] = [];
const idleStallsMs: number[] = [];
for (let round = 0; round < 5; round++) {
  idleStallsMs.push((await runPaced(ledger, 'nothing', (Number(seconds) * 1000) / 5)).stallMs);
  stallsMs.push((await runPaced(ledger, 'records and bodies', (Number(seconds) * 1000) / 5)).stallMs);
}
const callsPerSecond = await measureRate(ledger);
const { droppedBodies } = ledger.health;
await ledger.close();
const result: RecordingResult = { recordsUs, recordsAndBodiesUs, stallsMs, idleStallsMs, callsPerSecond, droppedBodies };
console.log(JSON.stringify(result));
