/**
 * Tollgate's performance budget, measured: `npm run bench`. What each number means and how it is taken is in
 * docs/benchmarks.md. Linux only: CPU and memory are read from /proc.
 */
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bigLedgerExperiment } from './experiments/big-ledger.ts';
import { callsExperiment } from './experiments/calls.ts';
import { diskExperiment } from './experiments/disk.ts';
import type { Experiment } from './experiments/experiment.ts';
import { memoryExperiment } from './experiments/memory.ts';
import { recordingExperiment } from './experiments/recording.ts';
import { goals, judge, type Measured } from './goals.ts';
import { openLab } from './lab.ts';
import { type BenchOptions, parseBenchOptions } from './options.ts';
import { renderTable, writePage } from './report.ts';

const experiments: Record<string, Experiment> = {
  calls: callsExperiment,
  memory: memoryExperiment,
  recording: recordingExperiment,
  disk: diskExperiment,
  'big ledger': bigLedgerExperiment,
};
const pageFile = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

const args = process.argv.slice(2);
let options: BenchOptions;
try {
  options = parseBenchOptions(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
if (process.platform !== 'linux') {
  console.error('The benchmark reads /proc: it runs on Linux only.');
  process.exit(2);
}

// An exit takes the started processes along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const failed = await run(options);
process.exit(failed ? 1 : 0);

/** True when a row missed its bound or an experiment was void. */
async function run({ quick, only, dir, keep, write }: BenchOptions): Promise<boolean> {
  const startedAt = performance.now();
  const wants = (row: string): boolean => only === null || only.has(row);
  const measured: Measured[] = [];
  const voids: string[] = [];
  const lab = await openLab(options);
  const [busy = 0] = loadavg();
  if (busy > 0.5) lab.say(`The machine is busy (load ${busy.toFixed(1)}): times will be off, and ratios by a tenth and more.`);
  try {
    for (const [name, experiment] of Object.entries(experiments)) {
      if (!experiment.rows.some(wants)) continue;
      lab.say(`${name} …`);
      try {
        measured.push(...(await experiment.run(lab, wants)).filter(({ row }) => wants(row)));
      } catch (error) {
        voids.push(`${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    await lab.close();
    if (!keep) rmSync(dir, { recursive: true, force: true });
  }
  console.log(renderTable(measured));
  for (const text of voids) console.error(`\nVOID ${text}`);
  if (write && voids.length === 0) writePage(pageFile, quick ? 'npm run bench -- --quick' : 'npm run bench', measured);
  console.error(`\n${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
  const missed = goals.some((goal) => measured.some((found) => found.row === goal.id && judge(goal, found) === 'missed'));
  return missed || voids.length > 0;
}
