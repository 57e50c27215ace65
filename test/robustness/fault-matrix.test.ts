import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src-main/contract/entities.ts';
import { type CallerPath, callerPaths, hasProperEnd, isTranslated, readErrorMessage } from '../support/caller-paths.ts';
import type { RecordedRequest } from '../support/fake-upstream.ts';
import { brokenBodies, brokenStreams, errorEvents, type Fault, silentFault, statusFaults } from '../support/faults.ts';
import { listCalls } from '../support/list-calls.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { type RawReply, readEvents } from '../support/test-gateway-client.ts';

interface Case {
  readonly id: string;
  readonly path: CallerPath;
  readonly stream: boolean;
  readonly fault: Fault;
}

interface Outcome extends Case {
  readonly reply: RawReply;
  readonly row: CallDetail;
  /** What the provider sent, where it sent an HTTP answer. */
  readonly sent: Buffer;
}

const cases: Case[] = callerPaths.flatMap((path) => [
  ...build(path, false, [...statusFaults, silentFault, ...brokenBodies]),
  ...build(path, true, [...statusFaults, silentFault, ...brokenStreams, ...errorEvents]),
]);

function build(path: CallerPath, stream: boolean, faults: readonly Fault[]): Case[] {
  return faults.map((fault) => ({ id: `${path.name} ${stream ? 'stream' : 'whole'}: ${fault.name}`, path, stream, fault }));
}

/** The caller says that it retries itself: what it sees is what the provider did. */
const ownRetries = { 'x-stainless-retry-count': '0' };

let tollgate: TestGateway;
let outcomes: Outcome[];
const of = (faults: readonly Fault[], stream: boolean) => outcomes.filter((one) => one.stream === stream && faults.includes(one.fault));

beforeAll(async () => {
  tollgate = await openTestGateway();
  tollgate.upstream.answerAll((request) => {
    const one = readCase(request);
    return one.fault.answer(request, one.path.upstreamDialect);
  });
  outcomes = await Promise.all(cases.map(run));
}, 60_000);
afterAll(() => tollgate.close());

function readCase(request: RecordedRequest): Case {
  const at = Number(/case-(\d+)/.exec(request.body.toString())?.[1]);
  const one = cases[at];
  if (one === undefined) throw new Error(`No case ${at}.`);
  return one;
}

async function run(one: Case, index: number): Promise<Outcome> {
  const { path, body } = one.path.request(`case-${index}`, one.stream);
  const reply = await tollgate.post(path, body, { ...ownRetries, 'x-tags': `case:${index}` });
  const request = tollgate.upstream.requests.find((seen) => seen.body.includes(`"case-${index}"`));
  if (request === undefined) throw new Error(`${one.id} never reached the provider.`);
  const script = one.fault.answer(request, one.path.upstreamDialect);
  const sent = script.chunks === undefined ? toBytes(script.body) : Buffer.concat(script.chunks.map((chunk) => Buffer.from(chunk)));
  return { ...one, reply, row: await tollgate.readCall(reply), sent };
}

function toBytes(body: string | Buffer | object | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) || typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
}

/** Everything that is wrong, so that one failure does not hide the others. */
function collectProblems<T extends Case>(list: readonly T[], look: (one: T) => string | false): string[] {
  expect(list.length).toBeGreaterThan(0);
  return list.flatMap((one) => {
    const problem = look(one);
    return problem === false ? [] : [`${one.id}: ${problem}`];
  });
}

/** Statuses OpenAI's and Google's clients do not know are told as the sibling they do. */
function expectedStatus({ path, fault }: Case): number {
  const status = fault.status ?? 502;
  if (!isTranslated(path)) return status;
  return { 402: 429, 529: 503 }[status] ?? status;
}

describe('J2: what the provider answers with an error status', () => {
  it('reaches the caller with its status', () => {
    const all = [...of(statusFaults, false), ...of(statusFaults, true)];
    expect(all.length).toBe(callerPaths.length * 2 * 33);
    expect(
      collectProblems(all, (one) => one.reply.status !== expectedStatus(one) && `${one.reply.status} for ${one.fault.status}`),
    ).toEqual([]);
  });

  it('reaches a caller of the same dialect byte for byte', () => {
    const same = outcomes.filter((one) => statusFaults.includes(one.fault) && !isTranslated(one.path) && one.sent.length > 0);
    expect(collectProblems(same, ({ reply, sent }) => !reply.body.equals(sent) && `${reply.text} instead of ${sent.toString()}`)).toEqual(
      [],
    );
  });

  it('is told in the caller’s dialect where the provider’s own words cannot be handed on', () => {
    const told = outcomes.filter((one) => statusFaults.includes(one.fault) && (isTranslated(one.path) || one.sent.length === 0));
    expect(
      collectProblems(told, ({ path, reply }) => {
        if (readErrorMessage(path.callerDialect, reply.json()) === null) return `no error of ${path.callerDialect}: ${reply.text}`;
        return reply.headers['content-type']?.startsWith('application/json') !== true && `content type ${reply.headers['content-type']}`;
      }),
    ).toEqual([]);
    const words = told.filter(({ fault }) => fault.name.endsWith('json'));
    expect(collectProblems(words, ({ reply, fault }) => !reply.text.includes(`It is ${fault.status}.`) && reply.text)).toEqual([]);
  });

  it('keeps the stated wait in every form', () => {
    const waiting = outcomes.filter(({ fault }) => Object.keys(fault.headers).length > 0);
    expect(
      collectProblems(waiting, ({ reply, fault }) => {
        const lost = Object.entries(fault.headers).find(([name, value]) => reply.headers[name] !== value);
        return lost !== undefined && `${lost[0]} is ${reply.headers[lost[0]]}, was ${lost[1]}`;
      }),
    ).toEqual([]);
  });

  it('leaves a row "error" with the attempt', () => {
    const all = [...of(statusFaults, false), ...of(statusFaults, true)];
    expect(
      collectProblems(all, ({ row, reply, fault, path }) => {
        if (row.status !== 'error' || row.httpStatus !== reply.status || row.provider !== path.provider) return JSON.stringify(row);
        const [attempt] = row.attempts;
        if (row.attempts.length !== 1 || attempt?.status !== fault.status) return `attempts ${JSON.stringify(row.attempts)}`;
        return (row.error === null || row.costNanoUsd !== null || row.stream === undefined) && JSON.stringify(row);
      }),
    ).toEqual([]);
  });
});

describe('J4: an answer that breaks', () => {
  it('before the headers is a 502 in the caller’s dialect and a row "error" whose attempt has no status', () => {
    const all = [...of([silentFault], false), ...of([silentFault], true)];
    expect(
      collectProblems(all, ({ path, reply, row }) => {
        if (reply.status !== 502 || readErrorMessage(path.callerDialect, reply.json()) === null) return `${reply.status} ${reply.text}`;
        if (row.status !== 'error' || row.error?.code !== 'upstream_unreachable') return JSON.stringify(row);
        return (row.attempts.length !== 1 || row.attempts[0]?.status !== null || row.attempts[0]?.error === null) && JSON.stringify(row);
      }),
    ).toEqual([]);
  });

  it('as a whole body is a 502, never half an answer', () => {
    expect(
      collectProblems(of(brokenBodies, false), ({ path, reply, row }) => {
        if (reply.status !== 502 || readErrorMessage(path.callerDialect, reply.json()) === null) return `${reply.status} ${reply.text}`;
        return row.status !== 'upstream_truncated' && JSON.stringify(row);
      }),
    ).toEqual([]);
  });

  it('S8: as a stream gives the valid events, then an error in the dialect, and no proper end', () => {
    expect(
      collectProblems(of(brokenStreams, true), ({ path, reply, row }) => {
        if (hasProperEnd(path.callerDialect, reply.text)) return `has an end: ${reply.text}`;
        const message = readErrorMessage(path.callerDialect, readLastEvent(reply.text));
        if (reply.status !== 200 || message === null) return `${reply.status} ${reply.text}`;
        if (path.callerDialect === 'anthropic-messages' && !reply.text.includes('event: error\n')) return reply.text;
        if (row.status !== 'upstream_truncated' || row.error === null || row.httpStatus !== 200) return JSON.stringify(row);
        // What was reported by then is no final number.
        const isHonest = row.costNanoUsd === null ? row.costSource === 'unknown' : row.usage.flags.includes('usage_partial');
        return !isHonest && JSON.stringify(row);
      }),
    ).toEqual([]);
  });

  it('as a same-dialect stream keeps every byte that came', () => {
    const same = of(brokenStreams, true).filter(({ path }) => path.callerDialect === 'anthropic-messages' || path.provider === 'gemini');
    expect(
      collectProblems(
        same.filter(({ path }) => !isTranslated(path)),
        ({ reply, sent }) => !reply.body.subarray(0, sent.length).equals(sent) && reply.text,
      ),
    ).toEqual([]);
  });

  it('S9: with an error event after 200 is told as the provider’s error, with a row "error"', () => {
    expect(
      collectProblems(of(errorEvents, true), ({ path, reply, row, fault }) => {
        if (hasProperEnd(path.callerDialect, reply.text)) return `has an end: ${reply.text}`;
        const early = isTranslated(path) && fault.name.endsWith('at once');
        if (early && reply.status !== 503) return `${reply.status} ${reply.text}`;
        const message = readErrorMessage(path.callerDialect, early ? reply.json() : readLastEvent(reply.text));
        if (message === null || !message.includes('Overloaded.')) return `${reply.status} ${reply.text}`;
        // OpenAI has one type for every 5xx; the others say that they are overloaded.
        const code = path.provider === 'openai' ? 'upstream_error' : 'upstream_overloaded';
        return (row.status !== 'error' || row.error?.code !== code) && JSON.stringify(row);
      }),
    ).toEqual([]);
  });
});

describe('the ledger', () => {
  it('has exactly one row for each of these calls', async () => {
    const rows = new Map<string, number>();
    for (const row of await listCalls(tollgate)) rows.set(row.tags['case'] ?? '', (rows.get(row.tags['case'] ?? '') ?? 0) + 1);
    expect([...rows.values()].filter((count) => count !== 1)).toEqual([]);
    expect(rows.size).toBe(cases.length);
    console.log(`fault matrix: ${cases.length} cases`);
  });
});

function readLastEvent(text: string): unknown {
  const whole = text.split('\n\n').filter((event) => event.includes('data:'));
  return readEvents(whole.at(-1) ?? '').at(-1) ?? null;
}
