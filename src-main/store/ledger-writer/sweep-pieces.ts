import { blockKinds, packBlock, unpackBlock } from '../blocks.ts';
import { parseLayout, parseLayouts } from '../bodies/layout.ts';
import type { PieceStore } from '../bodies/piece-store.ts';
import type { Sqlite } from '../database.ts';
import { createBlockDropper } from './drop-blocks.ts';
import { runSlices, SLICE_MS } from './slices.ts';

interface PieceRow {
  id: number;
  block_id: number;
  offset: number;
  length: number;
}

const BODIES_A_SLICE = 2_000;
/** More than a block can hold, so that one read has at least one whole block. */
const PIECES_A_SLICE = 5_000;

/**
 * Removes pieces that no body uses any more: blocks without a live piece are dropped, others are packed again with the
 * dead parts blanked, so that nothing moves. Blocks of bodies that came once are dropped when none is left; those lie
 * with others of their time. Batches may be written meanwhile.
 * @param thorough blank every dead piece, not only where most of a block is dead
 */
export async function sweepPieces(db: Sqlite, pieces: PieceStore, thorough: boolean): Promise<void> {
  const greatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM pieces').get()?.id ?? 0;
  const live = new Uint8Array(Math.floor(greatest / 8) + 1);
  const mark = (id: number) => {
    // Pieces that came after the beginning are not swept, so there is no bit for them.
    if (id <= greatest) live[id >> 3] = (live[id >> 3] ?? 0) | (1 << (id & 7));
  };
  const liveBlocks = new Set<number>();
  pieces.onUse = mark;
  try {
    const dropBlocks = createBlockDropper(db, blockKinds.zstdBodies);
    await markBodies(db, mark, (block) => liveBlocks.add(block));
    await dropBlocks((block) => liveBlocks.has(block));
    await dropDead(db, pieces, greatest, (id) => ((live[id >> 3] ?? 0) & (1 << (id & 7))) !== 0, thorough);
  } finally {
    pieces.onUse = null;
  }
}

/** Bodies that come meanwhile mark their own pieces, so the end of the table does not run away. */
async function markBodies(db: Sqlite, mark: (id: number) => void, markBlock: (id: number) => void): Promise<void> {
  const greatest = db.prepare<[], { id: number | null }>('SELECT max(call_id) AS id FROM bodies').get()?.id ?? 0;
  const select = db.prepare<[number, number, number], { call_id: number; layouts: Buffer }>(
    'SELECT call_id, layouts FROM bodies WHERE call_id > ? AND call_id <= ? ORDER BY call_id LIMIT ?',
  );
  let after = -1;
  await runSlices(() => {
    const rows = select.all(after, greatest, BODIES_A_SLICE);
    for (const { call_id: callId, layouts } of rows) {
      for (const layout of parseLayouts(layouts).values()) markLayout(layout, mark, markBlock);
      after = callId;
    }
    return rows.length > 0;
  });
}

function markLayout(layout: Buffer, mark: (id: number) => void, markBlock: (id: number) => void): void {
  for (const part of parseLayout(layout)) {
    if (part.type === 'range') markBlock(part.place.block);
    if (part.type === 'patched') mark(part.piece);
    if (part.type === 'run') for (let id = part.first; id < part.first + part.count; id++) mark(id);
  }
}

async function dropDead(db: Sqlite, pieces: PieceStore, upTo: number, isLive: (id: number) => boolean, thorough: boolean): Promise<void> {
  const select = db.prepare<[number, number, number], PieceRow>(
    'SELECT id, block_id, offset, length FROM pieces WHERE id > ? AND id <= ? ORDER BY id LIMIT ?',
  );
  const deletePiece = db.prepare('DELETE FROM pieces WHERE id = ?');
  const deleteBlock = db.prepare('DELETE FROM blocks WHERE id = ?');
  let after = 0;

  const slice = db.transaction((): boolean => {
    const end = performance.now() + SLICE_MS;
    const rows = select.all(after, upTo, PIECES_A_SLICE);
    const groups = [...Map.groupBy(rows, (row) => row.block_id).entries()];
    // The last block may go on behind what was read.
    const isEnd = rows.length < PIECES_A_SLICE;
    let didDrop = false;
    for (const [blockId, group] of isEnd ? groups : groups.slice(0, -1)) {
      if (performance.now() > end) break;
      after = group.at(-1)?.id ?? after;
      const alive = group.filter((row) => isLive(row.id));
      if (alive.length === group.length) continue;
      didDrop = true;
      for (const row of group) if (!isLive(row.id)) deletePiece.run(row.id);
      if (alive.length === 0) deleteBlock.run(blockId);
      else blankDead(db, blockId, alive, thorough);
    }
    // Otherwise a new body could still find a piece that is gone.
    if (didDrop) pieces.forget();
    return !isEnd || after < (rows.at(-1)?.id ?? after);
  });
  await runSlices(() => slice.immediate());
}

function blankDead(db: Sqlite, blockId: number, alive: readonly PieceRow[], thorough: boolean): void {
  const row = db
    .prepare<[number], { kind: number; raw_bytes: number; data: Buffer }>('SELECT kind, raw_bytes, data FROM blocks WHERE id = ?')
    .get(blockId);
  const liveBytes = alive.reduce((sum, piece) => sum + piece.length, 0);
  if (row === undefined || (!thorough && liveBytes > row.raw_bytes / 2)) return;
  const raw = unpackBlock(row.kind, row.data);
  const kept = Buffer.alloc(raw.length);
  for (const { offset, length } of alive) raw.copy(kept, offset, offset, offset + length);
  const { kind, data } = packBlock(kept);
  db.prepare('UPDATE blocks SET kind = ?, data = ? WHERE id = ?').run(kind, data, blockId);
}
