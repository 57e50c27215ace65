import { firstCallIdAt, readCallTime } from '../../domain/call-id.ts';
import type { CachedTokens } from '../../domain/pricing/cache-saving.ts';
import { STATUS_OK, STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';

/** Cached input of calls with one scope and one price. */
export interface CachedTokenSum extends CachedTokens {
  scopeId: number;
  /** null = without a price. */
  priceRowId: number | null;
  calls: number;
}

export interface CachedTokenDays {
  /** Sums of a stretch within one UTC day. Those of whole days that are over are kept; `isNew` = from now on. */
  read(fromMs: number, toMs: number): { sums: readonly CachedTokenSum[]; isNew: boolean };
}

const DAY_MS = 86_400_000;
/** A call is in its day by its start; this long after midnight all of them have a row. */
const SETTLED_MS = 3_600_000;
/** Some 10 MB; a busy day has about a thousand. */
const MAX_KEPT_SUMS = 100_000;

/**
 * The roll-ups know nothing of prices, so what caching saved is summed from the calls, and a month of a million of them
 * takes half a second. But a day that is over stays as it is.
 */
export function createCachedTokenDays(db: Sqlite): CachedTokenDays {
  const select = db.prepare<[number, number], CachedTokenSum>(
    `SELECT scope_id AS scopeId, price_row_id AS priceRowId, count(*) AS calls,
       coalesce(sum(input_cache_read), 0) AS inputCacheRead, coalesce(sum(input_cache_write_5m), 0) AS inputCacheWrite5m,
       coalesce(sum(input_cache_write_1h), 0) AS inputCacheWrite1h
     FROM calls NOT INDEXED
     WHERE id >= ? AND id < ? AND (input_cache_read > 0 OR input_cache_write_5m > 0 OR input_cache_write_1h > 0)
     GROUP BY scope_id, price_row_id`,
  );
  const newestCall = db.prepare<[], number | null>('SELECT max(id) FROM calls').pluck();
  const running = db.prepare<[number, number], number>(
    `SELECT 1 FROM calls INDEXED BY calls_not_ok WHERE status = ${STATUS_STARTED} AND status <> ${STATUS_OK} AND id >= ? AND id < ? LIMIT 1`,
  );
  const kept = new Map<number, readonly CachedTokenSum[]>();
  let keptSums = 0;

  function keep(fromMs: number, sums: readonly CachedTokenSum[]): void {
    for (const [day, others] of kept) {
      if (keptSums + sums.length <= MAX_KEPT_SUMS) break;
      kept.delete(day);
      keptSums -= others.length;
    }
    kept.set(fromMs, sums);
    keptSums += sums.length;
  }

  return {
    read(fromMs, toMs) {
      const isDay = fromMs % DAY_MS === 0 && toMs === fromMs + DAY_MS;
      const known = isDay ? kept.get(fromMs) : undefined;
      if (known !== undefined) return { sums: known, isNew: false };
      const ids = [firstCallIdAt(fromMs), firstCallIdAt(toMs)] as const;
      const sums = select.all(...ids);
      const isOver = isDay && readCallTime(newestCall.get() ?? 0) >= toMs + SETTLED_MS && running.get(...ids) === undefined;
      if (isOver) keep(fromMs, sums);
      return { sums, isNew: isOver };
    },
  };
}
