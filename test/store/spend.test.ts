import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpendQuery } from '../../src-main/contract/admin-api.ts';
import type { SpendTotals } from '../../src-main/contract/entities.ts';
import type { CallStatus, CostSource } from '../../src-main/domain/call.ts';
import type { UsageFlag } from '../../src-main/domain/token-usage.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { createLedgerQueries, type LedgerQueries } from '../../src-main/store/reader/ledger-queries.ts';
import { parseSpendQuery } from '../../src-main/store/reader/parse-spend-query.ts';
import { makeCall, makeUsage, openTestLedger, type TestCall } from '../support/record-calls.ts';
import { seedLedger } from '../support/seed-ledger.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestReader } from '../support/test-reader.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The United States change to summer time on 8 March. */
const FIRST_MS = Date.UTC(2026, 2, 6);
const LAST_MS = FIRST_MS + 5 * DAY_MS;
const NOW = LAST_MS + DAY_MS;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/Los_Angeles', 'Asia/Kathmandu', '-480', '330'];

function recordAll(calls: readonly TestCall[]): LedgerQueries {
  const folder = makeTemporaryFolder();
  const ledger = openTestLedger(folder);
  // Two batches: the second adds to roll-ups that are there.
  ledger.record(calls.slice(0, calls.length / 2));
  ledger.record(calls.slice(calls.length / 2));
  ledger.close();
  return createLedgerQueries(`${folder}/traces.db`);
}

const read = (queries: LedgerQueries, query: SpendQuery) => queries.readSpend(parseSpendQuery(query, NOW));

/** The definition of every sum, call by call. */
function countCall({ end }: TestCall): SpendTotals {
  const usage = end?.usage;
  const cost = end?.costNanoUsd ?? null;
  const sum = (...values: (number | null | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return {
    calls: 1,
    failed: end?.status === 'ok' ? 0 : 1,
    unpriced: cost === null && (usage != null || (end?.status !== 'error' && end?.status !== 'blocked')) ? 1 : 0,
    estimated: end?.costSource === 'estimated' || usage?.flags.includes('usage_estimated') ? 1 : 0,
    inputUncached: sum(usage?.inputUncached, usage?.inputAudio, usage?.inputImage),
    inputCacheRead: sum(usage?.inputCacheRead),
    inputCacheWrite: sum(usage?.inputCacheWrite5m, usage?.inputCacheWrite1h),
    output: sum(usage?.outputText, usage?.outputAudio),
    outputReasoning: sum(usage?.outputReasoning),
    costNanoUsd: cost ?? 0,
    durationMs: end?.durationMs ?? 0,
  };
}

function addUp(parts: readonly SpendTotals[]): SpendTotals {
  const names = Object.keys(countCall(makeCall())) as (keyof SpendTotals)[];
  return Object.fromEntries(names.map((name) => [name, parts.reduce((sum, part) => sum + part[name], 0)])) as SpendTotals;
}

function localDate(atMs: number, zone: string): string {
  const minutes = /^-?\d+$/.test(zone) ? Number(zone) : null;
  if (minutes !== null) return new Date(atMs + minutes * 60_000).toISOString().slice(0, 10);
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(atMs);
}

function groupKey({ start }: TestCall, { groupBy = 'model', timeZone = 'UTC' }: SpendQuery): string | null {
  if (groupBy.startsWith('tag:')) return start.tags[groupBy.slice(4)] ?? null;
  if (groupBy === 'caller') return start.callerKeyId;
  if (groupBy === 'hour') return String(Math.floor(start.startedAt / HOUR_MS) * HOUR_MS);
  if (groupBy === 'day') return localDate(start.startedAt, timeZone);
  return groupBy === 'provider' ? start.provider : start.model;
}

function passes({ start, end }: TestCall, query: SpendQuery): boolean {
  const tags = typeof query.tag === 'string' ? [query.tag] : (query.tag ?? []);
  return (
    end !== null &&
    (query.includeDemo === true || start.provider !== 'demo') &&
    start.startedAt >= (query.from ?? 0) &&
    start.startedAt < (query.to ?? NOW + 1) &&
    (query.provider === undefined || start.provider === query.provider) &&
    (query.model === undefined || start.model === query.model) &&
    (query.caller === undefined || start.callerKeyId === query.caller) &&
    tags.every((tag) => {
      const [key = '', value] = tag.split(':');
      return value === undefined ? key in start.tags : start.tags[key] === value;
    })
  );
}

function recount(calls: readonly TestCall[], query: SpendQuery): Map<string | null, SpendTotals> {
  const groups = new Map<string | null, SpendTotals[]>();
  for (const call of calls.filter((candidate) => passes(candidate, query))) {
    const key = groupKey(call, query);
    groups.set(key, [...(groups.get(key) ?? []), countCall(call)]);
  }
  return new Map([...groups].map(([key, parts]) => [key, addUp(parts)]));
}

const count = fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: null });

const arbitraryCall = fc.record({
  atMs: fc.integer({ min: FIRST_MS, max: LAST_MS - 1 }),
  provider: fc.constantFrom('openai', 'openai', 'anthropic', 'demo', null),
  model: fc.constantFrom('gpt-5', 'claude-x', null),
  callerKeyId: fc.constantFrom('key_a', 'key_b', null),
  tags: fc.constantFrom<Record<string, string>[]>(
    {},
    { team: 'ml' },
    { team: 'ml', env: 'prod' },
    { team: 'web', env: 'prod' },
    { env: 'dev' },
  ),
  isRunning: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  status: fc.constantFrom<Exclude<CallStatus, 'started'>[]>('ok', 'ok', 'ok', 'error', 'client_aborted', 'blocked', 'interrupted'),
  costNanoUsd: fc.option(fc.integer({ min: 0, max: 2_000_000_000 }), { nil: null }),
  costSource: fc.constantFrom<CostSource[]>('price-book', 'estimated'),
  durationMs: fc.integer({ min: 0, max: 100_000 }),
  usage: fc.option(
    fc.record({
      inputUncached: count,
      inputCacheRead: count,
      inputCacheWrite5m: count,
      inputCacheWrite1h: count,
      inputAudio: count,
      inputImage: count,
      outputText: count,
      outputReasoning: count,
      outputAudio: count,
      flags: fc.constantFrom<UsageFlag[][]>([], ['usage_estimated'], ['usage_partial']),
    }),
    { nil: null },
  ),
});

const arbitraryCalls = fc.array(arbitraryCall, { minLength: 20, maxLength: 120 }).map((drafts) =>
  drafts.map(({ isRunning, status, costNanoUsd, costSource, durationMs, usage, ...start }, sequence) =>
    makeCall({
      ...start,
      sequence,
      end: isRunning ? null : { status, costNanoUsd, costSource, durationMs, usage: usage === null ? null : makeUsage(usage) },
    }),
  ),
);

/** At hours, at half and quarter hours, and anywhere. */
const instant = fc.oneof(
  fc.integer({ min: -2, max: 6 * 24 }).map((hour) => FIRST_MS + hour * HOUR_MS),
  fc.integer({ min: -2, max: 6 * 96 }).map((quarter) => FIRST_MS + quarter * (HOUR_MS / 4)),
  fc.integer({ min: FIRST_MS - HOUR_MS, max: NOW }),
);
const arbitraryRange: fc.Arbitrary<Pick<SpendQuery, 'from' | 'to'>> = fc.oneof(
  fc.constant({}),
  instant.map((from) => ({ from })),
  instant.map((to) => ({ to })),
  { weight: 4, arbitrary: fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })) },
);

/** Most queries have one filter or two: with all of them, hardly a call would be left. */
const arbitraryFilters: fc.Arbitrary<Partial<SpendQuery>[]> = fc.array(
  fc.oneof(
    fc.constantFrom('openai', 'demo', 'nobody').map((provider) => ({ provider })),
    fc.constantFrom('gpt-5', 'claude-x').map((model) => ({ model })),
    fc.constantFrom('key_a', 'key_b').map((caller) => ({ caller })),
    fc.constantFrom<(string | string[])[]>('team', 'team:ml', ['team:ml', 'env:prod'], ['env']).map((tag) => ({ tag })),
  ),
  { maxLength: 2 },
);

const arbitraryQuery: fc.Arbitrary<SpendQuery> = fc
  .record({
    range: arbitraryRange,
    filters: arbitraryFilters,
    groupBy: fc.constantFrom('model', 'provider', 'caller', 'day', 'hour', 'tag:team', 'tag:env', 'tag:gone'),
    timeZone: fc.constantFrom(...ZONES),
    includeDemo: fc.boolean(),
  })
  .map(({ range, filters, ...rest }) => Object.assign({}, rest, range, ...filters));

describe('spend', () => {
  it('D8: equals a recount of the calls, for every grouping, filter, zone and range', () => {
    let withCalls = 0;
    fc.assert(
      fc.property(arbitraryCalls, fc.array(arbitraryQuery, { minLength: 20, maxLength: 20 }), (calls, queries) => {
        const ledger = recordAll(calls);
        for (const query of queries) {
          const report = read(ledger, query);
          const expected = recount(calls, query);
          const keyOf = (key: string | null) => (query.groupBy === 'hour' ? String(Date.parse(key ?? '')) : key);
          expect(new Map(report.groups.map(({ key, ...sums }) => [keyOf(key), sums]))).toEqual(expected);
          expect(report.totals).toEqual(addUp([...expected.values()]));
          if (expected.size > 0) withCalls++;
        }
        ledger.close();
      }),
      { numRuns: 40 },
    );
    // The comparison is worth something only where there was something to compare.
    expect(withCalls).toBeGreaterThan(400);
  });

  it.each(ZONES)('fixture 15, D8: single days in %s add up to the range, and the range to the days', (timeZone) => {
    const calls = Array.from({ length: 500 }, (_, i) =>
      makeCall({ atMs: FIRST_MS + Math.floor((i * 5 * DAY_MS) / 500), sequence: i, end: { costNanoUsd: i + 1 } }),
    );
    const ledger = recordAll(calls);
    const range = { from: FIRST_MS, to: LAST_MS, timeZone, groupBy: 'day' };
    const report = read(ledger, range);
    expect(report.totals.calls).toBe(500);
    expect(report.totals.costNanoUsd).toBe((500 * 501) / 2);
    expect(report.groups.map(({ key }) => key)).toEqual([...report.groups.map(({ key }) => key)].sort());
    expect(report.groups.reduce((sum, day) => sum + day.costNanoUsd, 0)).toBe(report.totals.costNanoUsd);
    for (const day of report.groups) {
      const alone = read(ledger, { ...range, from: firstInstantOf(day.key ?? '', timeZone), to: lastInstantOf(day.key ?? '', timeZone) });
      expect(alone.groups.map(({ key }) => key)).toEqual([day.key]);
    }
    ledger.close();
  });

  it('is the same by hour in every zone, with keys in local time', () => {
    const at = Date.parse('2026-03-08T09:30:00Z');
    const ledger = recordAll([makeCall({ atMs: at }), makeCall({ atMs: at + HOUR_MS, end: { costNanoUsd: 7 } })]);
    const report = read(ledger, { groupBy: 'hour', timeZone: 'America/Los_Angeles' });
    expect(report.groups).toMatchObject([
      { key: '2026-03-08T01:00-08:00', calls: 1, costNanoUsd: 1_000 },
      { key: '2026-03-08T03:00-07:00', calls: 1, costNanoUsd: 7 },
    ]);
    ledger.close();
  });

  it('puts the dearest group first, then the one with more calls', () => {
    const call = (sequence: number, model: string, costNanoUsd: number | null) => makeCall({ sequence, model, end: { costNanoUsd } });
    const ledger = recordAll([call(0, 'a', null), call(1, 'b', 50), call(2, 'c', null), call(3, 'c', null), call(4, 'd', 60)]);
    expect(read(ledger, {}).groups.map(({ key }) => key)).toEqual(['d', 'b', 'c', 'a']);
    ledger.close();
  });

  it('reports the range asked for, and begins with the first call when none is', () => {
    const ledger = recordAll([makeCall({ atMs: FIRST_MS + 90 * 60_000 })]);
    expect(read(ledger, {})).toMatchObject({ groupBy: 'model', from: FIRST_MS + HOUR_MS, to: NOW + 1 });
    expect(read(ledger, { from: 5, to: 10 })).toMatchObject({ from: 5, to: 10, totals: { calls: 0 }, groups: [] });
    expect(read(ledger, { from: 10, to: 5 })).toMatchObject({ totals: { calls: 0 }, groups: [] });
    ledger.close();
  });

  it('counts what is unpriced and adds nothing for it', () => {
    const ledger = recordAll([makeCall({ end: { costNanoUsd: null, costSource: 'unknown' } }), makeCall({ sequence: 1 })]);
    expect(read(ledger, {}).totals).toMatchObject({ calls: 2, unpriced: 1, costNanoUsd: 1_000 });
    ledger.close();
  });
});

describe('a seeded ledger', () => {
  it('has roll-ups that agree with its calls, and is the same for the same seed', () => {
    const path = join(makeTemporaryFolder(), 'traces.db');
    const sums = [1, 1, 2].map((seed) => {
      seedLedger(path, { calls: 2_000, days: 10, seed, words: 0 });
      const db = openDatabase(path, { readonly: true, synchronous: 'NORMAL' });
      const counted = db.prepare('SELECT count(*) AS calls, sum(cost_nano) AS costNanoUsd, sum(status <> 1) AS failed FROM calls').get();
      db.close();
      const ledger = createLedgerQueries(path);
      for (const groupBy of ['model', 'caller', 'tag:feature', 'day']) {
        expect(ledger.readSpend(parseSpendQuery({ groupBy, timeZone: 'Asia/Kolkata' }, Date.UTC(2027, 0))).totals).toMatchObject(
          counted ?? {},
        );
      }
      ledger.close();
      return JSON.stringify(counted);
    });
    expect(sums[1]).toBe(sums[0]);
    expect(sums[2]).not.toBe(sums[0]);
  });
});

describe('spend through the reading thread', () => {
  it("gives the tray's totals without demo calls", async () => {
    const folder = makeTemporaryFolder();
    const ledger = openTestLedger(folder);
    ledger.record([
      makeCall({ atMs: FIRST_MS }),
      makeCall({ atMs: FIRST_MS + 1, end: { costNanoUsd: 5 } }),
      makeCall({ atMs: FIRST_MS + 2, provider: 'demo' }),
    ]);
    ledger.close();
    const { ledgerReader } = await openTestReader(folder);
    expect(await ledgerReader.readTotals(FIRST_MS + 1)).toMatchObject({ calls: 1, costNanoUsd: 5 });
    expect(await ledgerReader.readTotals(FIRST_MS)).toMatchObject({ calls: 2 });
    expect((await ledgerReader.readSpend({ includeDemo: true }, NOW)).totals.calls).toBe(3);
  });

  it.each<[SpendQuery, string]>([
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ timeZone: '9999' }, 'timeZone'],
    [{ groupBy: 'tag:' }, 'groupBy'],
    [{ groupBy: 'cost_nano; DROP TABLE calls' }, 'groupBy'],
    [{ tag: '' }, 'tag'],
  ])('refuses %j and names the parameter', async (query, param) => {
    const { ledgerReader } = await openTestReader(makeTemporaryFolder());
    await expect(ledgerReader.readSpend(query, NOW)).rejects.toMatchObject({ code: 'invalid_request', param });
  });
});

/** Found by looking at every quarter of an hour, which is as fine as zones are. */
function instantsOf(date: string, zone: string): number[] {
  const from = Date.parse(`${date}T00:00:00Z`) - DAY_MS;
  return Array.from({ length: 3 * 96 }, (_, i) => from + i * (HOUR_MS / 4)).filter((at) => localDate(at, zone) === date);
}

function firstInstantOf(date: string, zone: string): number {
  return Math.max(FIRST_MS, instantsOf(date, zone)[0] ?? 0);
}

function lastInstantOf(date: string, zone: string): number {
  return Math.min(LAST_MS, (instantsOf(date, zone).at(-1) ?? 0) + HOUR_MS / 4);
}
