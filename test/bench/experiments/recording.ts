import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../load/statistics.ts';
import { renderCommand } from '../subjects/start-process.ts';
import type { Experiment } from './experiment.ts';
import type { RecordingResult } from './recording-process.ts';

/** What writing calls down costs the loop that serves them. In a process of its own, with both cores. */
export const recordingExperiment: Experiment = {
  rows: ['record-cost', 'record-stall', 'record-rate'],
  async run(lab) {
    const file = fileURLToPath(new URL('recording-process.ts', import.meta.url));
    const { command, args } = renderCommand([file, lab.openDir('recording'), lab.options.quick ? '4' : '10'], lab.allCores);
    const { stdout } = await promisify(execFile)(command, args);
    const result = JSON.parse(stdout) as RecordingResult;
    if (result.droppedBodies > 0) throw new Error(`${result.droppedBodies} bodies were dropped while recording`);
    const idleMs = median(result.idleStallsMs).toFixed(2);
    return [
      { row: 'record-cost', value: result.recordsUs, detail: `with 20 KB of bodies ${result.recordsAndBodiesUs.toFixed(1)} µs` },
      {
        row: 'record-stall',
        value: median(result.stallsMs),
        detail: `500 calls/s with bodies; the same loop without recording ${idleMs} ms`,
      },
      { row: 'record-rate', value: result.callsPerSecond, detail: 'until the last is in the database; none dropped' },
    ];
  },
};
