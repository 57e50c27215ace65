import { costSourceCodes, STATUS_INTERRUPTED, STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { type EndRecord, endColumns } from '../journal/records.ts';
import type { BatchApplier } from './apply-batch.ts';
import { noDetail } from './detail-blocks.ts';

const BATCH = 500;

/**
 * Ends every call that is still `started` as `interrupted`: to be called when the process that ran them is known to be
 * gone and its journal has been replayed. @returns how many there were
 */
export function interruptStartedCalls(db: Sqlite, applier: BatchApplier): number {
  const select = db.prepare<[number, number], { id: number }>('SELECT id FROM calls WHERE status <> 1 AND status = ? ORDER BY id LIMIT ?');
  for (let interrupted = 0; ; ) {
    const rows = select.all(STATUS_STARTED, BATCH);
    if (rows.length === 0) return interrupted;
    applier.apply({ records: rows.map(({ id }) => ({ type: 'end', end: renderInterruption(id) })), bodies: [], position: null });
    interrupted += rows.length;
  }
}

const known: Partial<Record<(typeof endColumns)[number], number>> = {
  status: STATUS_INTERRUPTED,
  usage_flags: 0,
  cost_source: costSourceCodes.codeOf('unknown'),
};

/** Nothing is known of how far it came. */
function renderInterruption(id: number): EndRecord {
  const columns = endColumns.map((column) => known[column] ?? null);
  return { id, columns, conversion: null, texts: { errorCode: null, priceRowId: null, priceRow: null }, detail: noDetail };
}
