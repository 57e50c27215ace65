import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src-main/contract/entities.ts';
import { type CallerPath, callerPaths, hasProperEnd, isTranslated } from '../support/caller-paths.ts';
import { openCallerSocket, readFirstChunk } from '../support/caller-socket.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import type { RecordedRequest, ScriptedReply } from '../support/fake-upstream.ts';
import { listCalls } from '../support/list-calls.ts';
import { createRandom } from '../support/random.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** At which point the caller hangs up. */
interface Moment {
  readonly name: string;
  readonly stream: boolean;
  answer(request: RecordedRequest): ScriptedReply;
  /** The caller has seen the beginning of the answer. */
  readonly seesBytes: boolean;
  /** A request of this call is open at the provider when the caller goes. */
  readonly open: boolean;
}

/** The good answer up to some text; the provider goes on thinking. */
const beginning = (request: RecordedRequest): ScriptedReply => {
  const good = answerByDefault(request);
  return { ...good, chunks: good.chunks?.slice(0, Math.min(4, good.chunks.length - 2)) ?? [], ending: 'hang' };
};
const halfBody = (request: RecordedRequest): ScriptedReply => ({ ...answerByDefault(request), ending: 'hang' });

const moments: readonly Moment[] = [
  { name: 'before the headers of a stream', stream: true, answer: () => ({ silent: 'hang' }), seesBytes: false, open: true },
  { name: 'inside a stream', stream: true, answer: beginning, seesBytes: true, open: true },
  { name: 'before a whole answer', stream: false, answer: () => ({ silent: 'hang' }), seesBytes: false, open: true },
  { name: 'inside a whole answer', stream: false, answer: halfBody, seesBytes: false, open: true },
  {
    name: 'while waiting for another try',
    stream: false,
    answer: () => ({ status: 503, headers: { 'retry-after-ms': '3000' }, body: {} }),
    seesBytes: false,
    open: false,
  },
];

const rounds = 10;
const lanes = 5;

interface Case {
  readonly path: CallerPath;
  readonly moment: Moment;
  readonly text: string;
  readonly afterMs: number;
}

interface Outcome extends Case {
  /** From the caller's hang-up to the provider's; null where the provider had answered. */
  readonly abortMs: number | null;
  readonly requests: number;
  readonly row: CallDetail;
}

let tollgate: TestGateway;
let outcomes: Outcome[];

beforeAll(async () => {
  tollgate = await openTestGateway();
  const random = createRandom(17);
  const cases: Case[] = [];
  for (let round = 0; round < rounds; round++)
    for (const path of callerPaths)
      for (const moment of moments) cases.push({ path, moment, text: `case-${cases.length}.`, afterMs: random.below(4) });
  tollgate.upstream.answerAll((request) => {
    const one = cases[Number(/case-(\d+)\./.exec(request.body.toString())?.[1])];
    return one === undefined ? answerByDefault(request) : one.moment.answer(request);
  });
  // The first call of a process compiles its code.
  for (const path of callerPaths) await tollgate.post(path.request('warm', true).path, path.request('warm', true).body);
  outcomes = await runAll(cases);
}, 60_000);
afterAll(() => tollgate.close());

async function runAll(cases: readonly Case[]): Promise<Outcome[]> {
  const seen = new Map<string, Pick<Outcome, 'abortMs' | 'requests'>>();
  let next = 0;
  const runLane = async (): Promise<void> => {
    for (let one = cases[next++]; one !== undefined; one = cases[next++]) seen.set(one.text, await run(one));
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  const rows = new Map((await listCalls(tollgate)).map(({ id, tags }) => [tags['case'] ?? '', id]));
  return Promise.all(
    cases.map(async (one) => {
      const id = rows.get(one.text);
      if (id === undefined) throw new Error(`${one.text} has no row.`);
      return { ...one, abortMs: null, requests: 0, ...seen.get(one.text), row: await tollgate.readCall(id) };
    }),
  );
}

async function run(one: Case): Promise<Pick<Outcome, 'abortMs' | 'requests'>> {
  const { path, body } = one.path.request(one.text, one.moment.stream);
  const caller = openCallerSocket(tollgate.url + path, tollgate.key, body, { 'x-tags': `case:${one.text}` });
  const request = await arrival(one.text);
  if (one.moment.seesBytes) await readFirstChunk(await caller.response);
  await new Promise((resolve) => setTimeout(resolve, one.afterMs));
  const wentAt = caller.hangUp();
  const abortMs = one.moment.open ? (await request.hungUp) - wentAt : null;
  return { abortMs, requests: tollgate.upstream.requests.filter((seen) => seen.body.includes(one.text)).length };
}

async function arrival(text: string): Promise<RecordedRequest> {
  for (;;) {
    const seen = tollgate.upstream.requests.find((request) => request.body.includes(text));
    if (seen !== undefined) return seen;
    await tollgate.upstream.nextRequest();
  }
}

const at = (name: string) => outcomes.filter(({ moment }) => moment.name === name);

describe('J1, S7: a caller that hangs up', () => {
  it('ends the provider’s work within 250 ms, p99', () => {
    const times = outcomes.flatMap(({ abortMs }) => abortMs ?? []).sort((a, b) => a - b);
    const p = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
    console.log(
      `J1: ${times.length} hang-ups, provider told after p50 ${p(0.5).toFixed(1)} ms, p99 ${p(0.99).toFixed(1)} ms, worst ${p(1).toFixed(1)} ms`,
    );
    expect(times.length).toBeGreaterThanOrEqual(200);
    expect(p(0.99)).toBeLessThan(250);
  });

  it('has one row, client_aborted, that lists the attempt', () => {
    expect(outcomes).toHaveLength(rounds * callerPaths.length * moments.length);
    for (const { row, moment, path } of outcomes) {
      expect(row, moment.name).toMatchObject({ status: 'client_aborted', httpStatus: 499, provider: path.provider });
      expect(row.error?.code).toBe('client_closed');
      expect(row.attempts).toHaveLength(1);
      expect(row.durationMs).toBeGreaterThanOrEqual(row.attempts[0]?.durationMs ?? 0);
    }
  });

  it('inside a stream leaves what was used by then, flagged, and an estimated cost', () => {
    for (const { row } of at('inside a stream')) {
      expect(row.usage.flags).toContain('usage_partial');
      expect(row.usage.inputUncached).toBeGreaterThan(0);
      expect(row.usage.outputText).toBeGreaterThan(0);
      expect(row.costSource).toBe('estimated');
      expect(row.costNanoUsd).toBeGreaterThan(0);
      expect(row.firstByteMs).not.toBeNull();
    }
  });

  it('S10: inside a stream leaves what had come, of both sides where they differ', async () => {
    for (const { row, path, text } of at('inside a stream')) {
      const bodies = await tollgate.readBodies(row.id);
      expect(bodies.request).toContain(text);
      expect(bodies.response).toContain('data: ');
      expect(hasProperEnd(path.callerDialect, bodies.response ?? '')).toBe(false);
      if (isTranslated(path)) expect(bodies.upstreamResponse).toContain(path.provider === 'gemini' ? '"parts"' : 'message_start');
    }
  });

  it('inside a whole answer leaves an estimate of the input; what was written is unknown', () => {
    for (const { row } of at('inside a whole answer')) {
      expect(row.usage).toMatchObject({ outputText: null, flags: ['usage_estimated', 'usage_partial'] });
      expect(row.costSource).toBe('estimated');
      expect(row.costNanoUsd).toBeGreaterThan(0);
    }
  });

  it('before any answer leaves the cost unknown, never 0', () => {
    const early = outcomes.filter(({ moment }) => moment.name.startsWith('before') || !moment.open);
    for (const { row } of early) expect(row).toMatchObject({ costNanoUsd: null, costSource: 'unknown', firstByteMs: null });
  });

  it('while waiting ends the wait: the provider is not asked again', async () => {
    const waiting = at('while waiting for another try');
    await tollgate.send('/healthz');
    for (const { requests, row } of waiting) {
      expect(requests).toBe(1);
      expect(row.durationMs).toBeLessThan(2_000);
      expect(row.attempts[0]?.status).toBe(503);
    }
  });
});
