import { STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { BatchApplier } from './apply-batch.ts';
import type { RecordedEnd } from './call-rows.ts';

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

/** Nothing is known of how far it came. */
function renderInterruption(id: number): RecordedEnd {
  return {
    id,
    status: 'interrupted',
    httpStatus: null,
    durationMs: null,
    firstByteMs: null,
    responseBytes: null,
    servedModel: null,
    responseId: null,
    finishReason: null,
    usage: null,
    costNanoUsd: null,
    costSource: 'unknown',
    priceRow: null,
    losses: [],
    attempts: [],
    error: null,
  };
}
