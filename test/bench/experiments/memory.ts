import { setTimeout as wait } from 'node:timers/promises';
import type { Measured } from '../goals.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { readPeakRssMb, readRssMb } from '../subjects/process-usage.ts';
import { createRequests } from '../subjects/subject.ts';
import { WHOLE_OUTPUT_TOKENS } from '../upstream/reply-formats.ts';
import type { Experiment } from './experiment.ts';

/** A fresh process: idle, after many small calls, and the peak that large ones leave. */
export const memoryExperiment: Experiment = {
  rows: ['rss-idle', 'rss-after', 'rss-peak', 'idle-cpu'],
  async run(lab, wants) {
    const calls = lab.options.quick ? 10_000 : 50_000;
    const idleSeconds = lab.options.quick ? 5 : 15;
    await lab.setReplies();
    const tollgate = await lab.startTollgate(lab.openDir('memory'));
    const { process } = tollgate;
    const whole = { durationMs: 120_000, chunks: null, outputTokens: WHOLE_OUTPUT_TOKENS };
    try {
      const small = createRequests(tollgate, 'o2o', { stream: false });
      await runClosedLoop(tollgate, small, { ...whole, callers: 1, maxCalls: 1 });
      await wait(2_000);
      const idleMb = readRssMb([process.pid]);
      const cpuBefore = process.readCpuUs();
      await wait(idleSeconds * 1000);
      const idlePercent = (process.readCpuUs() - cpuBefore) / idleSeconds / 10_000;
      const measured: Measured[] = [
        { row: 'rss-idle', value: idleMb, detail: '2 s after the first call' },
        { row: 'idle-cpu', value: idlePercent, detail: `over ${idleSeconds} s` },
      ];
      if (wants('rss-after') || wants('rss-peak')) {
        const { callsPerSecond } = await runClosedLoop(tollgate, small, { ...whole, callers: 16, maxCalls: calls });
        await wait(2_000);
        const afterMb = readRssMb([process.pid]);
        const large = createRequests(tollgate, 'o2o', { stream: false, kind: 'image-5mb' });
        await runClosedLoop(tollgate, large, { ...whole, callers: 4, maxCalls: 8 });
        const peakMb = readPeakRssMb([process.pid]);
        measured.push(
          { row: 'rss-after', value: afterMb, detail: `${calls} calls at ${Math.round(callsPerSecond)} per second` },
          { row: 'rss-peak', value: peakMb, detail: 'of the whole run' },
        );
      }
      await tollgate.stopAndVerify();
      return measured;
    } finally {
      await process.stop();
    }
  },
};
