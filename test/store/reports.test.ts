import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupQuery, RangeQuery } from '../../src-main/contract/admin-api.ts';
import type { CacheSavings, ErrorReport, LatencyReport } from '../../src-main/contract/reports.ts';
import type { CallEnd } from '../../src-main/domain/call.ts';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { createPriceRow, type PriceRow } from '../../src-main/domain/pricing/price-row.ts';
import { tokenBuckets } from '../../src-main/domain/token-usage.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { createLedgerQueries, type LedgerQueries } from '../../src-main/store/reader/ledger-queries.ts';
import { parseSpendQuery } from '../../src-main/store/reader/parse-spend-query.ts';
import { createCacheSavingsReader } from '../../src-main/store/reader/read-cache-savings.ts';
import { type CallTraits, makeCall, makeUsage, openTestLedger, type TestCall } from '../support/record-calls.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 2, 6);
const NOW = FIRST_MS + 10 * DAY_MS;

function recordAll(calls: readonly TestCall[]): { queries: LedgerQueries; path: string; folder: string } {
  const folder = makeTemporaryFolder();
  const ledger = openTestLedger(folder);
  ledger.record(calls);
  ledger.close();
  const path = join(folder, 'traces.db');
  return { queries: createLedgerQueries(path), path, folder };
}

const readLatency = (calls: readonly TestCall[], query: GroupQuery = {}): LatencyReport =>
  recordAll(calls).queries.readLatency(parseSpendQuery(query, NOW));
const listErrors = (calls: readonly TestCall[], query: RangeQuery = {}): ErrorReport =>
  recordAll(calls).queries.listErrors(parseSpendQuery(query, NOW));
const readSavings = (calls: readonly TestCall[], query: GroupQuery = {}): CacheSavings =>
  recordAll(calls).queries.readCacheSavings(parseSpendQuery(query, NOW));

let sequence = 0;
beforeEach(() => {
  sequence = 0;
});
const call = (traits: Omit<CallTraits, 'sequence'>): TestCall => makeCall({ atMs: FIRST_MS, sequence: sequence++, ...traits });

describe('latency', () => {
  const timed = (durationMs: number, firstByteMs: number | null, traits: CallTraits = {}): TestCall =>
    call({ stream: true, ...traits, end: { durationMs, firstByteMs, ...traits.end } });

  it('is by rank: half took at most p50, nineteen of twenty at most p95', () => {
    const calls = Array.from({ length: 20 }, (_, index) => timed((index + 1) * 100, index + 1));
    const { totals, isWhole } = readLatency(calls);
    expect(totals).toEqual({ calls: 20, durationMs: { p50: 1_000, p95: 1_900 }, streamed: 20, firstTokenMs: { p50: 10, p95: 19 } });
    expect(isWhole).toBe(true);
  });

  it('has no first token where answers came whole, and nothing of what failed, still runs, or is a demo', () => {
    const { totals, groups } = readLatency([
      timed(500, 400, { stream: false }),
      timed(9_000, 10, { end: { status: 'error', durationMs: 9_000 } }),
      call({ end: null }),
      timed(1, 1, { provider: 'demo' }),
    ]);
    expect(totals).toEqual({ calls: 1, durationMs: { p50: 500, p95: 500 }, streamed: 0, firstTokenMs: null });
    expect(groups).toEqual([{ key: 'gpt-5', ...totals }]);
  });

  it('is divided and filtered as spend is', () => {
    const calls = [
      timed(100, 1, { tags: { team: 'a' }, model: 'x' }),
      timed(200, 2, { tags: { team: 'b' }, model: 'x' }),
      timed(300, 3, { model: 'y', atMs: FIRST_MS + DAY_MS }),
    ];
    const keys = (query: GroupQuery) => readLatency(calls, query).groups.map(({ key, durationMs }) => [key, durationMs?.p50]);
    expect(keys({ groupBy: 'tag:team', to: FIRST_MS + 1 }).sort()).toEqual([
      ['a', 100],
      ['b', 200],
    ]);
    expect(keys({ groupBy: 'target', tag: 'team:b' })).toEqual([['openai/x', 200]]);
    expect(keys({ groupBy: 'provider', from: FIRST_MS + 1 })).toEqual([['openai', 300]]);
  });

  it('says when it looked at the newest only', () => {
    const calls = Array.from({ length: 5_050 }, (_, index) =>
      timed(index < 50 ? 1 : 500, null, { atMs: FIRST_MS + (index < 50 ? 0 : 100) }),
    );
    const { totals, isWhole } = readLatency(calls);
    expect([totals.calls, isWhole, totals.durationMs]).toEqual([5_000, false, { p50: 500, p95: 500 }]);
    const filtered = readLatency(calls, { model: 'gpt-5' });
    expect([filtered.totals.calls, filtered.isWhole, filtered.totals.durationMs?.p50]).toEqual([5_000, false, 500]);
  });

  it('finds the calls of a rare tag behind many others', () => {
    const rare = timed(7, 1, { tags: { ticket: 'T-1' } });
    const others = Array.from({ length: 20_100 }, (_, index) => timed(500, null, { atMs: FIRST_MS + 1 + Math.floor(index / 4_000) }));
    expect(readLatency([rare, ...others], { tag: 'ticket' }).totals).toMatchObject({ calls: 1, durationMs: { p50: 7 } });
  });
});

describe('errors', () => {
  const failed = (code: 'upstream_auth' | 'client_closed', httpStatus: number, traits: CallTraits = {}, status = 'error'): TestCall =>
    call({
      ...traits,
      end: { status: status as CallEnd['status'], httpStatus, error: { code, message: '', providerType: null, providerCode: null } },
    });

  it('are counted by what they have in common, the most frequent first; calls that went well or run are none', () => {
    const calls = [
      failed('upstream_auth', 502),
      failed('upstream_auth', 502),
      failed('upstream_auth', 502, { provider: 'anthropic' }),
      failed('client_closed', 499, {}, 'client_aborted'),
      call({}),
      call({ end: null }),
      call({ end: { status: 'interrupted' } }),
    ];
    const report = listErrors(calls);
    expect(report).toMatchObject({ calls: 5, isWhole: true });
    expect(report.items[0]).toEqual({
      status: 'error',
      errorCode: 'upstream_auth',
      httpStatus: 502,
      provider: 'openai',
      calls: 2,
      lastCallId: renderCallId(calls[1]?.start.id ?? 0),
      lastAt: FIRST_MS,
    });
    expect(report.items.map(({ status, provider, calls: count }) => [status, provider, count])).toContainEqual([
      'interrupted',
      'openai',
      1,
    ]);
    expect(listErrors(calls, { provider: 'anthropic' }).items).toHaveLength(1);
    expect(listErrors(calls, { from: FIRST_MS + 1 }).items).toEqual([]);
  });
});

/** USD per 1M tokens as pico-dollars a token. */
function priceRow(name: string, rates: { input?: bigint; read?: bigint; write?: bigint; write1h?: bigint }): PriceRow {
  const byBucket: Partial<Record<(typeof tokenBuckets)[number], bigint | undefined>> = {
    inputUncached: rates.input,
    inputCacheRead: rates.read,
    inputCacheWrite5m: rates.write,
    inputCacheWrite1h: rates.write1h,
    outputText: 15_000_000n,
  };
  const facts = { provider: 'p', model: name, tier: 'base', serviceTier: null, validFrom: null, source: 's', checkedAt: null };
  return createPriceRow(
    { ...facts, origin: '', when: 'always' },
    tokenBuckets.map((bucket) => byBucket[bucket] ?? null),
  );
}

const sonnet = priceRow('sonnet', { input: 3_000_000n, read: 300_000n, write: 3_750_000n, write1h: 6_000_000n });
const later = priceRow('sonnet after a price cut', { input: 2_000_000n, read: 200_000n, write: 2_500_000n, write1h: 4_000_000n });
const noInputRate = priceRow('odd', { read: 300_000n });

describe('cache savings', () => {
  const cached = (row: PriceRow | null, read: number, write5m = 0, write1h = 0, traits: CallTraits = {}): TestCall =>
    call({
      ...traits,
      end: {
        priceRow: row,
        costNanoUsd: row === null ? null : 1,
        usage: makeUsage({ inputUncached: 7, inputCacheRead: read, inputCacheWrite5m: write5m, inputCacheWrite1h: write1h, outputText: 5 }),
      },
    });

  it('are what cached input cost less than uncached, writes that cost more taken off, at the price of each call', () => {
    // 1,000 × 2.70 − 100 × 0.75 − 10 × 3.00 = 2,595 micro-dollars; after the cut 1,000 × 1.80 = 1,800.
    expect(readSavings([cached(sonnet, 1_000, 100, 10)]).totals).toEqual({ savedNanoUsd: 2_595_000, calls: 1, unknown: 0 });
    expect(readSavings([cached(sonnet, 1_000), cached(later, 1_000)]).totals.savedNanoUsd).toBe(2_700_000 + 1_800_000);
    expect(readSavings([cached(sonnet, 0, 100)]).totals.savedNanoUsd).toBe(-75_000);
  });

  it('are unknown without a price or without a rate for input, never 0', () => {
    expect(readSavings([cached(null, 50)]).totals).toEqual({ savedNanoUsd: null, calls: 0, unknown: 1 });
    expect(readSavings([cached(noInputRate, 50)]).totals).toEqual({ savedNanoUsd: null, calls: 0, unknown: 1 });
    const mixed = readSavings([cached(sonnet, 1_000), cached(null, 50, 0, 0, { model: 'new' })]);
    expect(mixed.totals).toEqual({ savedNanoUsd: 2_700_000, calls: 1, unknown: 1 });
    expect(mixed.groups).toContainEqual({ key: 'new', savedNanoUsd: null, calls: 0, unknown: 1 });
    expect(readSavings([call({})]).totals).toEqual({ savedNanoUsd: 0, calls: 0, unknown: 0 });
  });

  it('add up over any range, division and filter', () => {
    const rows = [sonnet, later, null];
    const calls = Array.from({ length: 300 }, (_, index) =>
      cached(rows[index % 3] ?? null, (index * 37) % 900, index % 5 === 0 ? 11 : 0, index % 7 === 0 ? 3 : 0, {
        atMs: FIRST_MS + ((index * 7_919_337) % (6 * DAY_MS)),
        model: `model-${index % 4}`,
        tags: index % 2 === 0 ? { team: 'a' } : {},
      }),
    );
    const { queries } = recordAll(calls);
    const instant = fc.integer({ min: FIRST_MS - 1_000, max: FIRST_MS + 7 * DAY_MS });
    const filter = fc.constantFrom<GroupQuery>({}, { model: 'model-1' }, { tag: 'team:a' }, { groupBy: 'tag:team' }, { groupBy: 'caller' });
    fc.assert(
      fc.property(instant, instant, filter, (a, b, query) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { totals, groups, countedFrom } = queries.readCacheSavings(parseSpendQuery({ ...query, from, to }, NOW));
        const inside = calls.filter(
          ({ start }) =>
            start.startedAt >= from &&
            start.startedAt < to &&
            (query.model === undefined || start.model === query.model) &&
            (query.tag === undefined || start.tags['team'] === 'a'),
        );
        expect(totals.savedNanoUsd ?? 0).toBe(inside.reduce((sum, { end }) => sum + savedBy(end), 0));
        expect(groups.reduce((sum, { savedNanoUsd }) => sum + (savedNanoUsd ?? 0), 0)).toBe(totals.savedNanoUsd ?? 0);
        expect(countedFrom).toBe(from);
      }),
    );
  });

  it('count more calls as they come, and those that end after their day', () => {
    const { path, folder } = recordAll([
      cached(sonnet, 100),
      call({ end: null }),
      cached(sonnet, 100, 0, 0, { atMs: FIRST_MS + 3 * DAY_MS }),
    ]);
    const queries = createLedgerQueries(path);
    const read = () => queries.readCacheSavings(parseSpendQuery({}, NOW)).totals.savedNanoUsd;
    expect(read()).toBe(540_000);
    const ledger = openTestLedger(folder);
    ledger.record([cached(sonnet, 10, 0, 0, { atMs: FIRST_MS + 1 })]);
    expect(read()).toBe(567_000);
    ledger.close();
  });

  it('come in parts when much is asked for at once, the newest days first', () => {
    const calls = Array.from({ length: 6 }, (_, day) => cached(sonnet, 1_000, 0, 0, { atMs: FIRST_MS + day * DAY_MS }));
    const { path } = recordAll(calls);
    const db: Sqlite = openDatabase(path, { readonly: true, synchronous: 'NORMAL' });
    const reader = createCacheSavingsReader(db, -1);
    const request = parseSpendQuery({ from: FIRST_MS, to: FIRST_MS + 6 * DAY_MS }, NOW);
    const first = reader.read(request);
    expect([first.countedFrom, first.totals.savedNanoUsd]).toEqual([FIRST_MS + 3 * DAY_MS, 3 * 2_700_000]);
    let last = first;
    for (let turn = 0; turn < 10 && last.countedFrom > FIRST_MS; turn++) last = reader.read(request);
    expect(last.totals.savedNanoUsd).toBe(6 * 2_700_000);
    db.close();
  });
});

/** The definition, call by call, in nano-dollars: all rates here are whole multiples. */
function savedBy(end: CallEnd | null): number {
  const usage = end?.usage;
  const row = end?.priceRow as PriceRow | null | undefined;
  if (usage == null || row == null) return 0;
  const rate = (bucket: keyof PriceRow['rates']): number => Number(row.rates[bucket]) * 1_000;
  const part = (bucket: 'inputCacheRead' | 'inputCacheWrite5m' | 'inputCacheWrite1h'): number =>
    (usage[bucket] ?? 0) * (rate('inputUncached') - rate(bucket));
  return Math.round(part('inputCacheRead') + part('inputCacheWrite5m') + part('inputCacheWrite1h'));
}
