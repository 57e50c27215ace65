import { readCallTime } from '../../domain/call-id.ts';
import type { DetailPlace } from '../call-detail.ts';
import { costSourceCodes, STATUS_OK, STATUS_STARTED, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { type ColumnValue, type EndRecord, endColumns, startColumns } from '../journal/records.ts';
import { createRowInserter } from '../row-inserter.ts';
import { newRowColumns, type OpenCall } from './open-call.ts';
import type { SpendShare } from './spend-rollups.ts';

/** Columns that follow those of the end. */
const placedColumns = ['error_code', 'price_row_id', 'detail_block', 'detail_offset', 'detail_length', 'conversation_id'];

/** Places of the columns of an end. */
const at = Object.fromEntries(endColumns.map((name, index) => [name, index])) as Record<(typeof endColumns)[number], number>;

const ESTIMATED = costSourceCodes.codeOf('estimated');

/** Writes rows of `calls`. Works inside the caller's transaction. */
export interface CallRows {
  insertStarted(call: OpenCall, place: DetailPlace): void;
  /** Inserts or updates, depending on whether the call has a row. */
  writeEnded(call: OpenCall, end: EndRecord, place: DetailPlace, priceRowId: number | null): void;
  setConversation(id: number, conversationId: number): void;
  /** undefined when there is none. */
  read(id: number): CallRow | undefined;
  /** New rows are in the table only after this. */
  write(): void;
  forget(): void;
}

export interface CallRow extends DetailPlace {
  scope_id: number;
  endpoint: number;
  conversation_id: number | null;
  status: number;
  cost_nano: number | null;
  usage_flags: number;
}

const allColumns = [...newRowColumns, ...endColumns, ...placedColumns];
const notEnded: readonly ColumnValue[] = endColumns.map((name) => {
  if (name === 'status') return STATUS_STARTED;
  if (name === 'usage_flags') return 0;
  return name === 'cost_source' ? costSourceCodes.codeOf('unknown') : null;
});
const CONVERSION = startColumns.indexOf('conversion');

export function createCallRows(db: Sqlite): CallRows {
  const newRows = createRowInserter(db, 'calls', allColumns);
  const update = db.prepare(
    `UPDATE calls SET ${[...endColumns, ...placedColumns].map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
  const setConversion = db.prepare('UPDATE calls SET conversion = ? WHERE id = ?');
  const setConversation = db.prepare('UPDATE calls SET conversation_id = ? WHERE id = ?');
  const select = db.prepare<[number], CallRow>(
    `SELECT scope_id, endpoint, conversation_id, status, cost_nano, usage_flags, detail_block, detail_offset, detail_length
     FROM calls WHERE id = ?`,
  );

  return {
    insertStarted: (call, place) => newRows.add([...(call.newRow ?? []), ...notEnded, ...placed(call, null, null, place)]),
    writeEnded: (call, { columns, conversion, texts }, place, priceRowId) => {
      const rest = placed(call, texts.errorCode, priceRowId, place);
      if (call.newRow === null) {
        update.run([...columns, ...rest, call.id]);
        if (conversion !== null) setConversion.run(conversion, call.id);
      } else newRows.add([...(conversion === null ? call.newRow : call.newRow.with(CONVERSION, conversion)), ...columns, ...rest]);
    },
    setConversation: (id, conversationId) => {
      newRows.write();
      setConversation.run(conversationId, id);
    },
    read: (id) => {
      newRows.write();
      return select.get(id);
    },
    write: () => newRows.write(),
    forget: () => newRows.forget(),
  };
}

/** Values of `placedColumns`. */
function placed(call: OpenCall, errorCode: string | null, priceRowId: number | null, place: DetailPlace): ColumnValue[] {
  return [errorCode, priceRowId, place.detail_block, place.detail_offset, place.detail_length, call.conversationId];
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
