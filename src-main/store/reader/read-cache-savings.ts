import type { CacheSaving, CacheSavings } from '../../contract/reports.ts';
import { readCallTime } from '../../domain/call-id.ts';
import { resolveSavingRates, type SavingRates, sumSaving } from '../../domain/pricing/cache-saving.ts';
import { divideHalfEven } from '../../domain/pricing/decimal.ts';
import type { PriceRow } from '../../domain/pricing/price-row.ts';
import type { Sqlite } from '../database.ts';
import { type CachedTokenSum, createCachedTokenDays } from './cached-token-days.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { readScopeGroups } from './scope-groups.ts';

const DAY_MS = 86_400_000;
const PICO_PER_NANO = 1_000n;
/** Other questions wait meanwhile: then the answer is what there is, and the next one goes on from there. */
const MAX_COUNTING_MS = 300;

interface Sum {
  pico: bigint;
  calls: number;
  unknown: number;
}

export interface CacheSavingsReader {
  read(request: SpendRequest): CacheSavings;
}

/** What caching saved, exact to the pico-dollar and rounded once for each number shown. Keeps what it has counted. */
export function createCacheSavingsReader(db: Sqlite, maxCountingMs = MAX_COUNTING_MS): CacheSavingsReader {
  const days = createCachedTokenDays(db);
  const rates = createRateReader(db);
  return {
    read: (request) =>
      db.transaction(() => {
        const groupOf = readScopeGroups(db, request);
        const totals = emptySum();
        const groups = new Map<string | null, Sum>();
        const { countedFrom, from } = eachDay(db, request, days.read, maxCountingMs, (part) => {
          const key = groupOf.get(part.scopeId);
          if (key === undefined) return;
          const group = groups.get(key) ?? emptySum();
          groups.set(key, group);
          const saved = part.priceRowId === null ? null : sumSaving(part, rates(part.priceRowId));
          for (const sum of [totals, group]) addPart(sum, part, saved);
        });
        const parts = [...groups].map(([key, sum]) => ({ key, ...renderSum(sum) }));
        return {
          groupBy: request.groupBy,
          from,
          to: request.toMs,
          countedFrom,
          totals: renderSum(totals),
          groups: parts.sort((a, b) => (b.savedNanoUsd ?? 0) - (a.savedNanoUsd ?? 0)),
        };
      })(),
  };
}

/** From the newest day back, for as long as there is time. */
function eachDay(
  db: Sqlite,
  { fromMs, toMs }: SpendRequest,
  read: ReturnType<typeof createCachedTokenDays>['read'],
  maxCountingMs: number,
  add: (sum: CachedTokenSum) => void,
): { from: number; countedFrom: number } {
  const ids = db
    .prepare<[], { first: number | null; last: number | null }>(
      'SELECT (SELECT min(id) FROM calls) AS first, (SELECT max(id) FROM calls) AS last',
    )
    .get();
  const from = fromMs ?? 0;
  if (ids?.first == null || ids.last === null) return { from, countedFrom: from };
  const start = Math.max(from, readCallTime(ids.first));
  const startedAt = performance.now();
  for (let end = Math.min(toMs, readCallTime(ids.last) + 1); end > start; ) {
    // The whole of the last day that has calls is asked for, so that it can be kept once it is over.
    const day = Math.floor((end - 1) / DAY_MS) * DAY_MS;
    const first = from <= day ? day : from;
    const { sums, isNew } = read(first, toMs >= day + DAY_MS ? day + DAY_MS : end);
    for (const sum of sums) add(sum);
    end = first;
    // Only behind a day that need not be read again: so each answer gets further than the one before.
    if (isNew && end > start && performance.now() - startedAt > maxCountingMs) return { from, countedFrom: end };
  }
  return { from, countedFrom: from };
}

/** Price rows never change. */
function createRateReader(db: Sqlite): (priceRowId: number) => SavingRates {
  const select = db.prepare<[number], string>('SELECT row FROM price_rows WHERE id = ?').pluck();
  const known = new Map<number, SavingRates>();
  return (id) => {
    const rates = known.get(id) ?? parseRates(select.get(id));
    if (known.size > 5_000) known.clear();
    known.set(id, rates);
    return rates;
  };
}

function parseRates(row: string | undefined): SavingRates {
  const priceRow = row === undefined ? null : (JSON.parse(row) as Partial<PriceRow>);
  if (priceRow?.rates !== undefined) return resolveSavingRates(priceRow as PriceRow);
  return { inputCacheRead: null, inputCacheWrite5m: null, inputCacheWrite1h: null };
}

function emptySum(): Sum {
  return { pico: 0n, calls: 0, unknown: 0 };
}

function addPart(sum: Sum, { calls }: CachedTokenSum, saved: bigint | null): void {
  if (saved === null) sum.unknown += calls;
  else {
    sum.pico += saved;
    sum.calls += calls;
  }
}

function renderSum({ pico, calls, unknown }: Sum): CacheSaving {
  return { savedNanoUsd: calls === 0 && unknown > 0 ? null : Number(divideHalfEven(pico, PICO_PER_NANO)), calls, unknown };
}
