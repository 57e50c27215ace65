import { setTimeout as wait } from 'node:timers/promises';
import type { Subject } from '../subjects/subject.ts';
import type { RequestSource } from '../traffic/requests.ts';
import { HttpConnection } from './http-connection.ts';
import { percentile } from './statistics.ts';
import { collectStamps } from './stream-readers.ts';

export interface PacedOptions {
  streams: number;
  chunks: number;
  /** Between two chunks of a stream; the mock must be set to it, with stamps. */
  delayMs: number;
}

export interface PacedResult {
  /** From the provider's write to our read, over all chunks. */
  delayP50Us: number;
  delayP99Us: number;
  cpuUsPerChunk: number;
}

/** Streams side by side at the speed of a model. @throws when a chunk is lost */
export async function runPacedStreams(subject: Subject, requests: RequestSource, options: PacedOptions): Promise<PacedResult> {
  const delaysUs: number[] = [];
  const cpuBefore = subject.process?.readCpuUs() ?? Number.NaN;
  await Promise.all(
    Array.from({ length: options.streams }, async (_, index) => {
      // Starts spread over some chunks, as people's do.
      await wait((index * options.delayMs * 7) / options.streams);
      const connection = new HttpConnection(subject.url);
      const reply = await connection.send(requests.bytes(), collectStamps(delaysUs));
      connection.destroy();
      if (reply.status !== 200) throw new Error(`${subject.name} answered ${reply.status}`);
      subject.count(reply, options.chunks);
    }),
  );
  const sent = options.streams * options.chunks;
  if (delaysUs.length !== sent) throw new Error(`${subject.name}: ${delaysUs.length} of ${sent} chunks arrived`);
  await subject.process?.settle();
  return {
    delayP50Us: percentile(delaysUs, 50),
    delayP99Us: percentile(delaysUs, 99),
    cpuUsPerChunk: ((subject.process?.readCpuUs() ?? Number.NaN) - cpuBefore) / sent,
  };
}
