import { readCallTime } from '../../domain/call-id.ts';
import { type TokenUsage, tokenBuckets } from '../../domain/token-usage.ts';
import type { DetailPlace } from '../call-detail.ts';
import { conversionCodes, costSourceCodes, STATUS_STARTED, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { JournaledEnd } from '../journal/frames.ts';
import { type OpenCall, startColumns } from './open-calls.ts';
import type { SpendShare } from './spend-rollups.ts';

/** The end of a call; of an interrupted one nothing is known. */
export type RecordedEnd = {
  [Field in keyof JournaledEnd]: Field extends 'httpStatus' | 'durationMs' | 'responseBytes' ? number | null : JournaledEnd[Field];
};

/** Columns that change at the end of a call. */
const endColumns = [
  'status',
  'http_status',
  'duration_ms',
  'first_byte_ms',
  'response_bytes',
  'input_uncached',
  'input_cache_read',
  'input_cache_write_5m',
  'input_cache_write_1h',
  'input_audio',
  'input_image',
  'output_text',
  'output_reasoning',
  'output_audio',
  'web_searches',
  'usage_flags',
  'cost_nano',
  'cost_source',
  'price_row_id',
  'error_code',
  'detail_block',
  'detail_offset',
  'detail_length',
  'conversation_id',
];

/** Writes rows of `calls`. Works inside the caller's transaction. */
export interface CallRows {
  insertStarted(call: OpenCall, place: DetailPlace): void;
  /** Inserts or updates, depending on whether the call has a row. */
  writeEnded(call: OpenCall, end: RecordedEnd, place: DetailPlace, priceRowId: number | null): void;
  setConversation(id: number, conversationId: number): void;
}

export function createCallRows(db: Sqlite): CallRows {
  const startedColumns = [...startColumns, 'status', 'cost_source', 'detail_block', 'detail_offset', 'detail_length', 'conversation_id'];
  const insertStarted = db.prepare(insertInto(startedColumns));
  const insertEnded = db.prepare(insertInto([...startColumns, ...endColumns]));
  const update = db.prepare(`UPDATE calls SET ${endColumns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`);
  const setConversion = db.prepare('UPDATE calls SET conversion = ? WHERE id = ?');
  const setConversation = db.prepare('UPDATE calls SET conversation_id = ? WHERE id = ?');
  const unknownCost = costSourceCodes.codeOf('unknown');

  return {
    insertStarted: (call, place) => {
      const { detail_block, detail_offset, detail_length } = place;
      const known = [STATUS_STARTED, unknownCost, detail_block, detail_offset, detail_length, call.conversationId];
      insertStarted.run(...(call.newRow ?? []), ...known);
    },
    writeEnded: (call, end, place, priceRowId) => {
      const values = readEndValues(call, end, place, priceRowId);
      if (call.newRow === null) update.run(...values, call.id);
      else insertEnded.run(...call.newRow, ...values);
      if (end.conversion !== undefined) setConversion.run(conversionCodes.codeOf(end.conversion), call.id);
    },
    setConversation: (id, conversationId) => void setConversation.run(conversationId, id),
  };
}

/**
 * Whether an ended call may have cost something we do not know. A call that failed without any usage, or that we
 * refused ourselves, has not.
 */
export function isUnpriced(status: number, costNano: number | null, hasUsage: boolean): boolean {
  if (costNano !== null) return false;
  return hasUsage || (status !== statusCodes.codeOf('error') && status !== statusCodes.codeOf('blocked'));
}

/** What an ended call adds to the hourly sums. */
export function readSpendShare(call: OpenCall, end: RecordedEnd): SpendShare {
  const { usage } = end;
  const tokens = (...counts: (number | null | undefined)[]) => counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return {
    hour: readCallHour(call.id),
    scopeId: call.scopeId,
    targetId: call.targetId,
    failed: end.status !== 'ok',
    unpriced: isUnpriced(statusCodes.codeOf(end.status), end.costNanoUsd, usage !== null),
    estimated: end.costSource === 'estimated' || (usage?.flags.includes('usage_estimated') ?? false),
    inputUncached: tokens(usage?.inputUncached, usage?.inputAudio, usage?.inputImage),
    inputCacheRead: tokens(usage?.inputCacheRead),
    inputCacheWrite: tokens(usage?.inputCacheWrite5m, usage?.inputCacheWrite1h),
    output: tokens(usage?.outputText, usage?.outputAudio),
    outputReasoning: tokens(usage?.outputReasoning),
    costNano: end.costNanoUsd ?? 0,
    durationMs: roundMs(end.durationMs) ?? 0,
  };
}

/** Hours since 1970, UTC, in which the call started. */
function readCallHour(id: number): number {
  return Math.floor(readCallTime(id) / 3_600_000);
}

/** In the order of `endColumns`. */
function readEndValues(call: OpenCall, end: RecordedEnd, place: DetailPlace, priceRowId: number | null): (number | string | null)[] {
  return [
    statusCodes.codeOf(end.status),
    end.httpStatus,
    roundMs(end.durationMs),
    roundMs(end.firstByteMs),
    end.responseBytes,
    ...tokenBuckets.map((bucket) => end.usage?.[bucket] ?? null),
    readUsageFlags(end.usage),
    end.costNanoUsd,
    costSourceCodes.codeOf(end.costSource),
    priceRowId,
    end.error?.code ?? null,
    place.detail_block,
    place.detail_offset,
    place.detail_length,
    call.conversationId,
  ];
}

function roundMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function readUsageFlags(usage: TokenUsage | null): number {
  return usage === null ? 0 : usage.flags.reduce((bits, flag) => bits | (usageFlagBits[flag] ?? 0), USAGE_REPORTED);
}

function insertInto(columns: readonly string[]): string {
  return `INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}
