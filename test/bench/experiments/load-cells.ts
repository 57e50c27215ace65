import type { Lab } from '../lab.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { runPacedStreams } from '../load/paced-streams.ts';
import { createRequests, type Subject } from '../subjects/subject.ts';
import type { CaseId } from '../traffic/cases.ts';
import type { BodyKind } from '../traffic/requests.ts';
import { WHOLE_OUTPUT_TOKENS } from '../upstream/reply-formats.ts';

/** One kind of load of one case. */
export interface LoadCell {
  readonly kind: 'calls' | 'first-token' | 'paced' | 'image' | 'text';
  readonly id: CaseId;
}

/** What one run of a cell gave for one subject; NaN where it says nothing. */
export interface LoadSample {
  cpuUs: number;
  firstTokenUs: number;
  delayP50Us: number;
  delayP99Us: number;
}

const nothing: LoadSample = { cpuUs: Number.NaN, firstTokenUs: Number.NaN, delayP50Us: Number.NaN, delayP99Us: Number.NaN };
const FIRST_TOKEN_CHUNKS = 30;
const DELAY_MS = 20;

export function runLoadCell(lab: Lab, subject: Subject, { kind, id }: LoadCell): Promise<LoadSample> {
  const scale = lab.options.quick ? 0.4 : 1;
  if (kind === 'calls') return runCalls(lab, subject, id, 1500 * scale);
  if (kind === 'first-token') return runFirstToken(lab, subject, id, 1000 * scale);
  if (kind === 'paced') return runPaced(lab, subject, id, Math.round(125 * scale));
  return runLarge(lab, subject, id, kind === 'image' ? 'image-5mb' : 'text-816kb', kind === 'image' ? 6 : 12);
}

async function runCalls(lab: Lab, subject: Subject, id: CaseId, durationMs: number): Promise<LoadSample> {
  await lab.setReplies();
  const requests = createRequests(subject, id, { stream: false });
  const options = { callers: 16, durationMs, chunks: null, outputTokens: WHOLE_OUTPUT_TOKENS };
  const { cpuUsPerCall } = await runClosedLoop(subject, requests, options);
  return { ...nothing, cpuUs: cpuUsPerCall };
}

async function runFirstToken(lab: Lab, subject: Subject, id: CaseId, durationMs: number): Promise<LoadSample> {
  await lab.setReplies({ chunks: FIRST_TOKEN_CHUNKS });
  const requests = createRequests(subject, id, { stream: true });
  const options = { callers: 1, durationMs, chunks: FIRST_TOKEN_CHUNKS, outputTokens: FIRST_TOKEN_CHUNKS };
  const { firstTokenP50Us } = await runClosedLoop(subject, requests, options);
  return { ...nothing, firstTokenUs: firstTokenP50Us };
}

async function runPaced(lab: Lab, subject: Subject, id: CaseId, chunks: number): Promise<LoadSample> {
  await lab.setReplies({ chunks, delayMs: DELAY_MS, stamp: true });
  const requests = createRequests(subject, id, { stream: true });
  const { cpuUsPerChunk, delayP50Us, delayP99Us } = await runPacedStreams(subject, requests, { streams: 50, chunks, delayMs: DELAY_MS });
  return { ...nothing, cpuUs: cpuUsPerChunk, delayP50Us, delayP99Us };
}

async function runLarge(lab: Lab, subject: Subject, id: CaseId, kind: BodyKind, maxCalls: number): Promise<LoadSample> {
  await lab.setReplies();
  const requests = createRequests(subject, id, { stream: false, kind });
  const options = { callers: 1, durationMs: 20_000, maxCalls, chunks: null, outputTokens: WHOLE_OUTPUT_TOKENS };
  const { cpuUsPerCall } = await runClosedLoop(subject, requests, options);
  return { ...nothing, cpuUs: cpuUsPerCall };
}
