import type { Latency, LatencyReport } from '../../contract/reports.ts';
import { STATUS_OK } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { readIdRange } from './id-range.ts';
import { listScopedIds } from './list-scoped-ids.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { isEmptyFilter } from './scope-filter.ts';
import { readScopeGroups } from './scope-groups.ts';

/** Enough for a 95th percentile that holds still, and read in some 10 ms. */
const MAX_CALLS = 5_000;
/** Where a filter leaves less than a quarter of the calls, its scopes are sought one by one instead. */
const MAX_WALKED = 4 * MAX_CALLS;

interface TimedCall {
  scope_id: number;
  duration_ms: number | null;
  /** null where the answer came whole. */
  first_token_ms: number | null;
}

/** Percentiles of the newest successful calls of a range. */
export function readLatency(db: Sqlite, request: SpendRequest): LatencyReport {
  const { groupBy, fromMs, toMs } = request;
  return db.transaction(() => {
    const groupOf = readScopeGroups(db, request);
    const calls = walkCalls(db, request, groupOf) ?? seekCalls(db, request).filter(({ scope_id }) => groupOf.has(scope_id));
    const groups = Map.groupBy(calls, ({ scope_id }) => groupOf.get(scope_id) ?? null);
    return {
      groupBy,
      from: fromMs ?? 0,
      to: toMs,
      isWhole: calls.length < MAX_CALLS,
      totals: summarise(calls),
      groups: [...groups].map(([key, members]) => ({ key, ...summarise(members) })).sort((a, b) => b.calls - a.calls),
    };
  })();
}

const columns = 'c.scope_id, c.duration_ms, CASE c.stream WHEN 1 THEN c.first_byte_ms END AS first_token_ms';

/** null when the filter takes too few of the calls. */
function walkCalls(db: Sqlite, request: SpendRequest, groupOf: ReadonlyMap<number, string | null>): TimedCall[] | null {
  const calls: TimedCall[] = [];
  const walked = db
    .prepare<[number, number], TimedCall>(
      `SELECT ${columns} FROM calls c NOT INDEXED WHERE c.id >= ? AND c.id < ? AND c.status = ${STATUS_OK} ORDER BY c.id DESC`,
    )
    .iterate(...readIdRange(request));
  let count = 0;
  for (const call of walked) {
    if (groupOf.has(call.scope_id)) calls.push(call);
    if (calls.length === MAX_CALLS) break;
    if (++count > MAX_WALKED && !isEmptyFilter(request.scope)) return null;
  }
  return calls;
}

function seekCalls(db: Sqlite, request: SpendRequest): TimedCall[] {
  const [firstId, endId] = readIdRange(request);
  const ids = listScopedIds(db, { limit: MAX_CALLS, firstId, endId, scope: request.scope, statusCode: STATUS_OK });
  return db
    .prepare<[string], TimedCall>(`SELECT ${columns} FROM json_each(?) AS wanted CROSS JOIN calls c ON c.id = wanted.value`)
    .all(JSON.stringify(ids));
}

function summarise(calls: readonly TimedCall[]): Latency {
  const durations = calls.flatMap(({ duration_ms }) => duration_ms ?? []);
  const firstTokens = calls.flatMap(({ first_token_ms }) => first_token_ms ?? []);
  return {
    calls: calls.length,
    durationMs: readPercentiles(durations),
    streamed: firstTokens.length,
    firstTokenMs: readPercentiles(firstTokens),
  };
}

/** By nearest rank: each is the time of a real call. */
function readPercentiles(values: readonly number[]): Latency['durationMs'] {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number | undefined => sorted[Math.ceil(sorted.length * share) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}
