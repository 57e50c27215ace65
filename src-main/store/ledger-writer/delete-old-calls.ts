import { blockKinds } from '../blocks.ts';
import type { Sqlite } from '../database.ts';
import { createBlockDropper } from './drop-blocks.ts';
import { runSlices } from './slices.ts';

const CALLS_A_SLICE = 2_000;
const SCAN_A_SLICE = 20_000;

/**
 * Deletes the calls before an id with all that hangs on them except their sums by hour; pieces of their bodies are left
 * to a sweep. @returns how many
 */
export async function deleteOldCalls(db: Sqlite, beforeId: number): Promise<number> {
  const select = db.prepare<[number, number], { id: number }>('SELECT id FROM calls WHERE id < ? ORDER BY id LIMIT ?');
  const statements = [
    'DELETE FROM calls WHERE id <= ?',
    'DELETE FROM bodies WHERE call_id <= ?',
    'DELETE FROM call_text WHERE rowid <= ?',
  ].map((sql) => db.prepare(sql));
  let deleted = 0;
  const slice = db.transaction((): boolean => {
    const last = select.all(beforeId, CALLS_A_SLICE);
    const upTo = last.at(-1)?.id;
    if (upTo === undefined) return false;
    for (const statement of statements) statement.run(upTo);
    deleted += last.length;
    return true;
  });
  await runSlices(() => slice.immediate());
  if (deleted > 0) {
    db.prepare('DELETE FROM conversations WHERE last_call_id < ?').run(beforeId);
    await dropDetailBlocks(db);
  }
  return deleted;
}

/** Drops the blocks of details that no call refers to. Those written meanwhile are not looked at. */
async function dropDetailBlocks(db: Sqlite): Promise<void> {
  const dropBlocks = createBlockDropper(db, blockKinds.zstdDetail1);
  const live = new Set<number>();
  const lastCall = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM calls').get()?.id ?? 0;
  const selectCalls = db.prepare<[number, number, number], { id: number; block: number | null }>(
    'SELECT id, detail_block AS block FROM calls WHERE id > ? AND id <= ? ORDER BY id LIMIT ?',
  );
  let afterCall = 0;
  await runSlices(() => {
    const rows = selectCalls.all(afterCall, lastCall, SCAN_A_SLICE);
    for (const { id, block } of rows) {
      if (block !== null) live.add(block);
      afterCall = id;
    }
    return rows.length > 0;
  });
  await dropBlocks((block) => live.has(block));
}
