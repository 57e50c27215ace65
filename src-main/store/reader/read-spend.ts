import type { SpendGroup, SpendReport, SpendTotals } from '../../contract/entities.ts';
import { readCallTime } from '../../domain/call-id.ts';
import type { Sqlite } from '../database.ts';
import { chooseRows, resolveSource } from './chosen-rows.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { createSliceReader, type SliceReader } from './slice-reader.ts';
import { cutIntoSlices, cutIntoSpans, type Span } from './spend-spans.ts';
import { addTotals, emptyTotals } from './spend-sums.ts';

const HOUR_MS = 3_600_000;

/**
 * Spend of a range, exact to the millisecond: whole days and hours from the roll-ups, the rest from the calls, so groups
 * always add up to the totals. Groups without a call are left out. Largest cost first; days and hours in order.
 */
export function readSpend(db: Sqlite, request: SpendRequest): SpendReport {
  const { fromMs, toMs, groupBy, grouping } = request;
  // One read transaction: the tables are of the same moment.
  return db.transaction(() => {
    const recorded = readRecordedRange(db);
    const from = fromMs ?? Math.min(recorded.fromMs, toMs);
    const source = resolveSource(request);
    chooseRows(db, request, source);
    const spans = cutIntoSpans(request, Math.max(from, recorded.fromMs), toMs > recorded.lastCallMs ? recorded.toMs : toMs);
    const isByTime = grouping.by === 'day' || grouping.by === 'hour';
    const groups = sumGroups(spans, createSliceReader(db, source, isByTime));
    if (!isByTime) groups.sort(byCost);
    const totals = emptyTotals();
    for (const group of groups) addTotals(totals, group);
    return { groupBy, from, to: toMs, totals, groups };
  })();
}

/** Totals since an instant, without demo calls. */
export function readTotals(db: Sqlite, fromMs: number): SpendTotals {
  const everything = { provider: null, model: null, callerKeyId: null, tags: [] };
  const request: SpendRequest = {
    groupBy: 'provider',
    grouping: { by: 'provider' },
    fromMs,
    toMs: Number.MAX_SAFE_INTEGER,
    scope: everything,
    timeZone: 'UTC',
    includeDemo: false,
  };
  return readSpend(db, request).totals;
}

interface RecordedRange {
  /** The first and the last hour with calls. */
  fromMs: number;
  toMs: number;
  /** Start of the newest call: a range that ends behind it can take its last hour whole. */
  lastCallMs: number;
}

function readRecordedRange(db: Sqlite): RecordedRange {
  const hours = db
    .prepare<[], { first: number | null; last: number | null }>(
      `SELECT min((SELECT min(hour) FROM spend_target_hourly r WHERE r.target_id = t.id)) AS first,
              max((SELECT max(hour) FROM spend_target_hourly r WHERE r.target_id = t.id)) AS last FROM targets t`,
    )
    .get();
  const lastCall = db.prepare<[], number | null>('SELECT max(id) FROM calls').pluck().get();
  if (hours?.first == null || hours.last === null) return { fromMs: Number.MAX_SAFE_INTEGER, toMs: 0, lastCallMs: 0 };
  const toMs = (hours.last + 1) * HOUR_MS;
  return { fromMs: hours.first * HOUR_MS, toMs, lastCallMs: lastCall == null ? toMs : readCallTime(lastCall) };
}

function byCost(a: SpendGroup, b: SpendGroup): number {
  return b.costNanoUsd - a.costNanoUsd || b.calls - a.calls || (a.key ?? '').localeCompare(b.key ?? '');
}

function sumGroups(spans: readonly Span[], reader: SliceReader): SpendGroup[] {
  const groups = new Map<string | null, SpendGroup>();
  for (const span of spans) {
    for (const slice of cutIntoSlices(span, reader.hasDays)) {
      for (const { group_key, ...sums } of reader.read(slice)) {
        const key = span.key ?? group_key;
        const group = groups.get(key) ?? { key, ...emptyTotals() };
        groups.set(key, group);
        addTotals(group, sums, slice.sign);
      }
    }
  }
  return [...groups.values()].filter(({ calls }) => calls > 0);
}
