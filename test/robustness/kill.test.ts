import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { type SeenCall, startLoad } from '../support/kill-load.ts';
import { readLedgerFile } from '../support/ledger-file.ts';
import { createRandom, type Random } from '../support/random.ts';
import { spawnTestGateway } from '../support/test-gateway.ts';

/** More for a long run: TOLLGATE_KILL_CYCLES=1000 vitest run test/robustness/kill.test.ts */
const cycles = Number(process.env['TOLLGATE_KILL_CYCLES'] ?? 200);
/** Gateways at work at the same time, each with a folder of its own: one starts while the other is under load. */
const lanes = 2;
const callers = 6;

let folder: string;
let upstream: FakeUpstream;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-kill-'));
  upstream = await openFakeUpstream();
  upstream.answerAll((request) => ({ ...answerByDefault(request), chunkDelayMs: 4 }));
});
afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Totals {
  cycles: number;
  calls: number;
  /** A byte of the answer was seen. */
  begun: number;
  ended: number;
  interrupted: number;
  slowestStartMs: number;
  problems: string[];
}

it(`H1: kill -9 under load, ${cycles} cycles: nothing that a caller has seen is missing, nothing is counted twice`, async () => {
  const totals: Totals = { cycles: 0, calls: 0, begun: 0, ended: 0, interrupted: 0, slowestStartMs: 0, problems: [] };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane, totals)));
  const { problems, ...figures } = totals;
  console.log(
    `H1: ${figures.cycles} kills in ${((performance.now() - startedAt) / 1000).toFixed(0)} s; ${figures.calls} calls made, ${figures.begun} of them seen to begin, ${figures.ended} seen to end, ${figures.interrupted} interrupted; ${problems.length} lost or wrong; slowest start ${figures.slowestStartMs.toFixed(0)} ms`,
  );
  expect(problems).toEqual([]);
  expect(figures.cycles).toBe(cycles);
  // Kills fell before, into and behind answers, or the test has proved nothing.
  expect(figures.begun).toBeGreaterThan(cycles);
  expect(figures.ended).toBeGreaterThan(cycles / 2);
  expect(figures.interrupted).toBeGreaterThan(cycles / 2);
}, 900_000);

async function runLane(lane: number, totals: Totals): Promise<void> {
  const dataDir = mkdtempSync(join(folder, `lane-${lane}-`));
  const environment = { NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
  const random = createRandom(1_000 + lane);
  // A killed process leaves no compile cache behind; an ended one does.
  const first = await spawnTestGateway({ upstream, dataDir, environment });
  await first.stop();
  const seen: SeenCall[] = [];
  const count = Math.floor(cycles / lanes) + (lane < cycles % lanes ? 1 : 0);
  for (let cycle = 0; cycle <= count; cycle++) {
    const at = performance.now();
    const tollgate = await spawnTestGateway({ upstream, dataDir, environment });
    totals.slowestStartMs = Math.max(totals.slowestStartMs, performance.now() - at);
    verify(dataDir, seen, `lane ${lane}, after kill ${cycle}`, totals);
    if (cycle === count) {
      await tollgate.stop();
      break;
    }
    seen.push(...(await killUnderLoad(tollgate, random)));
    totals.cycles++;
    upstream.reset();
    upstream.answerAll((request) => ({ ...answerByDefault(request), chunkDelayMs: 4 }));
  }
  totals.calls += seen.length;
  totals.begun += seen.filter(({ id }) => id !== null).length;
  totals.ended += seen.filter(({ sawEnd }) => sawEnd).length;
  totals.interrupted += [...readLedgerFile(dataDir).rows.values()].filter(({ status }) => status === 'interrupted').length;
}

async function killUnderLoad(tollgate: Awaited<ReturnType<typeof spawnTestGateway>>, random: Random): Promise<SeenCall[]> {
  const load = startLoad(tollgate, callers);
  await load.firstByte;
  // Half of the kills fall into the first answers, half into steady traffic.
  const delayMs = random.chance(0.5) ? random.below(61) : 61 + random.below(200);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  await tollgate.stop('SIGKILL');
  return load.seen;
}

/** Everything seen since the first cycle, so that a later replay cannot undo an earlier row unnoticed. */
function verify(dataDir: string, seen: readonly SeenCall[], when: string, totals: Totals): void {
  const { rows, problems } = readLedgerFile(dataDir);
  totals.problems.push(...problems.map((problem) => `${when}: ${problem}`));
  for (const { id, sawEnd, path } of seen) {
    if (id === null) continue;
    const row = rows.get(id);
    if (row === undefined) totals.problems.push(`${when}: a call of ${path.name} that had begun is missing`);
    else if (sawEnd && (row.status !== 'ok' || !row.hasUsage || row.costNanoUsd === null))
      totals.problems.push(`${when}: a call of ${path.name} whose end was seen is ${JSON.stringify(row)}`);
    else if (!sawEnd && row.status !== 'ok' && row.status !== 'interrupted')
      totals.problems.push(`${when}: a call of ${path.name} that broke off is ${row.status}`);
  }
}
