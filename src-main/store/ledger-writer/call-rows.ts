import { readCallTime } from '../../domain/call-id.ts';
import type { DetailPlace } from '../call-detail.ts';
import { costSourceCodes, STATUS_OK, STATUS_STARTED, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { type EndRecord, endColumns } from '../journal/records.ts';
import { newRowColumns, type OpenCall } from './open-calls.ts';
import type { SpendShare } from './spend-rollups.ts';

/** Columns that the writer itself adds to those of the end. */
const placedColumns = ['price_row_id', 'detail_block', 'detail_offset', 'detail_length', 'conversation_id'];

/** Places of the columns of an end. */
const at = Object.fromEntries(endColumns.map((name, index) => [name, index])) as Record<(typeof endColumns)[number], number>;

const ESTIMATED = costSourceCodes.codeOf('estimated');

/** Writes rows of `calls`. Works inside the caller's transaction. */
export interface CallRows {
  insertStarted(call: OpenCall, place: DetailPlace): void;
  /** Inserts or updates, depending on whether the call has a row. */
  writeEnded(call: OpenCall, end: EndRecord, place: DetailPlace, priceRowId: number | null): void;
  setConversation(id: number, conversationId: number): void;
}

export function createCallRows(db: Sqlite): CallRows {
  const startedColumns = [...newRowColumns, 'status', 'cost_source', 'detail_block', 'detail_offset', 'detail_length', 'conversation_id'];
  const insertStarted = db.prepare(insertInto(startedColumns));
  const endedColumns = [...endColumns, ...placedColumns];
  const insertEnded = db.prepare(insertInto([...newRowColumns, ...endedColumns]));
  const update = db.prepare(`UPDATE calls SET ${endedColumns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`);
  const setConversion = db.prepare('UPDATE calls SET conversion = ? WHERE id = ?');
  const setConversation = db.prepare('UPDATE calls SET conversation_id = ? WHERE id = ?');
  const unknownCost = costSourceCodes.codeOf('unknown');

  return {
    insertStarted: (call, place) => {
      const { detail_block, detail_offset, detail_length } = place;
      const known = [STATUS_STARTED, unknownCost, detail_block, detail_offset, detail_length, call.conversationId];
      insertStarted.run(...(call.newRow ?? []), ...known);
    },
    writeEnded: (call, end, { detail_block, detail_offset, detail_length }, priceRowId) => {
      const { columns, conversion } = end;
      const placed = [priceRowId, detail_block, detail_offset, detail_length, call.conversationId];
      if (call.newRow === null) update.run(...columns, ...placed, call.id);
      else insertEnded.run(...call.newRow, ...columns, ...placed);
      if (conversion !== null) setConversion.run(conversion, call.id);
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
export function readSpendShare(call: OpenCall, { columns }: EndRecord): SpendShare {
  const number = (place: number): number => Number(columns[place] ?? 0);
  const status = number(at.status);
  const flags = number(at.usage_flags);
  const cost = columns[at.cost_nano] ?? null;
  return {
    hour: readCallHour(call.id),
    scopeId: call.scopeId,
    targetId: call.targetId,
    failed: status !== STATUS_OK,
    unpriced: isUnpriced(status, cost === null ? null : Number(cost), (flags & USAGE_REPORTED) !== 0),
    estimated: number(at.cost_source) === ESTIMATED || (flags & usageFlagBits.usage_estimated) !== 0,
    inputUncached: number(at.input_uncached) + number(at.input_audio) + number(at.input_image),
    inputCacheRead: number(at.input_cache_read),
    inputCacheWrite: number(at.input_cache_write_5m) + number(at.input_cache_write_1h),
    output: number(at.output_text) + number(at.output_audio),
    outputReasoning: number(at.output_reasoning),
    costNano: number(at.cost_nano),
    durationMs: number(at.duration_ms),
  };
}

/** Hours since 1970, UTC, in which the call started. */
function readCallHour(id: number): number {
  return Math.floor(readCallTime(id) / 3_600_000);
}

function insertInto(columns: readonly string[]): string {
  return `INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}
