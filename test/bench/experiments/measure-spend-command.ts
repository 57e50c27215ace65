import { execFileSync } from 'node:child_process';
import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import { median } from '../load/statistics.ts';
import { cliFile } from '../subjects/gateway.ts';

const RUNS = 9;

/** What a person at a terminal waits for: Node's start, the question to the running gateway, the table. */
export async function measureSpendCommand(lab: Lab, dataDir: string): Promise<Measured> {
  const tollgate = await lab.startTollgate(dataDir);
  try {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const startedAt = performance.now();
      const table = execFileSync(process.execPath, [cliFile, '--data-dir', dataDir, 'spend', '--by', 'tag:feature', '--since', '30d'], {
        encoding: 'utf8',
      });
      times.push(performance.now() - startedAt);
      if (!table.includes('feature-1')) throw new Error(`tollgate spend printed no features:\n${table.slice(0, 500)}`);
    }
    const nodeTimes: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const startedAt = performance.now();
      execFileSync(process.execPath, ['-e', '0']);
      nodeTimes.push(performance.now() - startedAt);
    }
    return { row: 'cli-spend', value: median(times), detail: `of which Node itself ${median(nodeTimes).toFixed(0)} ms` };
  } finally {
    await tollgate.process.stop();
  }
}
