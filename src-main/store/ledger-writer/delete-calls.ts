import type { BlockRange } from '../block-filler.ts';
import { repackBlock, unpackBlock } from '../blocks.ts';
import { parseLayout, parseLayouts } from '../bodies/layout.ts';
import type { PieceStore } from '../bodies/piece-store.ts';
import { STATUS_STARTED, USAGE_REPORTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { type CallRow, isUnpriced } from './call-rows.ts';
import { runSlices } from './slices.ts';
import { sweepPieces } from './sweep-pieces.ts';

type DeletedCall = Omit<CallRow, 'scope_id' | 'endpoint'>;

const MERGE_PAGES = 500;

/**
 * Removes calls and overwrites what the file held of them: row, detail, bodies that no other call shares, text index,
 * and the write-ahead log. The sums by hour stay.
 */
export async function deleteCalls(db: Sqlite, pieces: PieceStore, ids: readonly number[]): Promise<void> {
  db.pragma('secure_delete = ON');
  try {
    db.transaction(() => {
      // Neighbours lie in the same blocks: each is packed again once.
      const ranges = ids.flatMap((id) => deleteCall(db, id));
      for (const [block, own] of Map.groupBy(ranges, (range) => range.block)) blankRanges(db, block, own);
    }).immediate();
    await sweepPieces(db, pieces, true);
    await expungeText(db);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.pragma('secure_delete = OFF');
  }
}

/** @returns what is to be blanked: where its detail and its bodies lie, but for pieces */
function deleteCall(db: Sqlite, id: number): BlockRange[] {
  const ranges = listBodyRanges(db, id);
  const call = db
    .prepare<[number], DeletedCall>(
      'SELECT conversation_id, status, cost_nano, usage_flags, detail_block, detail_offset, detail_length FROM calls WHERE id = ?',
    )
    .get(id);
  if (call !== undefined) {
    const { detail_block: block, detail_offset: offset, detail_length: length } = call;
    if (block !== null && offset !== null && length !== null) ranges.push({ block, offset, length });
    db.prepare('DELETE FROM calls WHERE id = ?').run(id);
    if (call.conversation_id !== null) leaveConversation(db, call, call.conversation_id);
  }
  db.prepare('DELETE FROM bodies WHERE call_id = ?').run(id);
  db.prepare('DELETE FROM call_text WHERE rowid = ?').run(id);
  return ranges;
}

/** Pieces may be in other bodies too: they are left to the sweep. */
function listBodyRanges(db: Sqlite, callId: number): BlockRange[] {
  const row = db.prepare<[number], { layouts: Buffer }>('SELECT layouts FROM bodies WHERE call_id = ?').get(callId);
  if (row === undefined) return [];
  const parts = [...parseLayouts(row.layouts).values()].flatMap(parseLayout);
  return parts.flatMap((part) => (part.type === 'range' ? [part.place] : []));
}

/** What other calls have in the block stays where it is. */
function blankRanges(db: Sqlite, block: number, ranges: readonly BlockRange[]): void {
  const row = db.prepare<[number], { kind: number; data: Buffer }>('SELECT kind, data FROM blocks WHERE id = ?').get(block);
  if (row === undefined) return;
  const raw = unpackBlock(row.kind, row.data);
  for (const { offset, length } of ranges) raw.fill(0x20, offset, offset + length);
  const { kind, data } = repackBlock(row.kind, raw);
  db.prepare('UPDATE blocks SET kind = ?, data = ? WHERE id = ?').run(kind, data, block);
}

function leaveConversation(db: Sqlite, call: DeletedCall, id: number): void {
  const hasEnded = call.status !== STATUS_STARTED;
  const unpriced = hasEnded && isUnpriced(call.status, call.cost_nano, (call.usage_flags & USAGE_REPORTED) !== 0);
  const rest = db
    .prepare<[number], { first: number | null; last: number | null }>(
      'SELECT min(id) AS first, max(id) AS last FROM calls WHERE conversation_id = ?',
    )
    .get(id);
  if (rest === undefined || rest.first === null) {
    db.prepare('DELETE FROM conversations WHERE id = ?').run(id);
    return;
  }
  db.prepare(
    `UPDATE conversations SET first_call_id = ?, last_call_id = ?, calls = calls - 1, cost_nano = cost_nano - ?, unpriced = unpriced - ?
     WHERE id = ?`,
  ).run(rest.first, rest.last, call.cost_nano ?? 0, Number(unpriced), id);
}

/** A deleted text stays in the index until the segments that hold it are merged. */
async function expungeText(db: Sqlite): Promise<void> {
  const merge = db.prepare("INSERT INTO call_text (call_text, rank) VALUES ('merge', ?)");
  const changes = db.prepare<[], { count: number }>('SELECT total_changes() AS count');
  let pages = -MERGE_PAGES;
  await runSlices(() => {
    const before = changes.get()?.count ?? 0;
    merge.run(pages);
    pages = MERGE_PAGES;
    return (changes.get()?.count ?? 0) - before >= 2;
  });
}
