import type { Subject } from '../subjects/subject.ts';
import { deltaMarks } from '../traffic/read-reply.ts';
import type { RequestSource } from '../traffic/requests.ts';
import { HttpConnection } from './http-connection.ts';
import { percentile } from './statistics.ts';
import { countMarks } from './stream-readers.ts';

export interface ClosedLoopOptions {
  callers: number;
  durationMs: number;
  maxCalls?: number;
  /** Pieces of text in each reply; null = whole replies. */
  chunks: number | null;
  outputTokens: number;
}

export interface ClosedLoopResult {
  calls: number;
  callsPerSecond: number;
  latencyP50Us: number;
  /** To the first text of a stream. NaN for whole replies. */
  firstTokenP50Us: number;
  /** CPU of the subject's process tree, what it does after the last reply included. NaN where it has none. */
  cpuUsPerCall: number;
}

/** Every caller sends its next call when the last one is answered. @throws when a reply is not what it should be */
export async function runClosedLoop(subject: Subject, requests: RequestSource, options: ClosedLoopOptions): Promise<ClosedLoopResult> {
  const latencies: number[] = [];
  const firstTokens: number[] = [];
  const connections = Array.from({ length: options.callers }, () => new HttpConnection(subject.url));
  const cpuBefore = subject.process?.readCpuUs() ?? Number.NaN;
  const startedAt = performance.now();
  const deadline = startedAt + options.durationMs;
  let left = options.maxCalls ?? Number.POSITIVE_INFINITY;

  const runCaller = async (connection: HttpConnection): Promise<void> => {
    while (left-- > 0 && performance.now() < deadline) {
      const marks = countMarks(options.chunks === null ? ' the quick' : (deltaMarks[requests.caller] ?? ''));
      const reply = await connection.send(requests.bytes(), marks.push);
      if (reply.status !== 200) throw new Error(`${subject.name} answered ${reply.status}`);
      if (marks.count !== (options.chunks ?? 1)) throw new Error(`${subject.name}: ${marks.count} texts in a reply`);
      subject.count(reply, options.outputTokens);
      latencies.push((reply.endedAt - reply.sentAt) * 1000);
      if (options.chunks !== null) firstTokens.push((marks.firstAt - reply.sentAt) * 1000);
    }
  };
  try {
    await Promise.all(connections.map(runCaller));
  } finally {
    for (const connection of connections) connection.destroy();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await subject.process?.settle();
  const cpuUs = (subject.process?.readCpuUs() ?? Number.NaN) - cpuBefore;
  return {
    calls: latencies.length,
    callsPerSecond: latencies.length / seconds,
    latencyP50Us: percentile(latencies, 50),
    firstTokenP50Us: percentile(firstTokens, 50),
    cpuUsPerCall: cpuUs / latencies.length,
  };
}
