import type { blockKinds } from '../blocks.ts';
import type { Sqlite } from '../database.ts';
import { runSlices } from './slices.ts';

const BLOCKS_A_SLICE = 2_000;

/**
 * Drops the blocks of a kind that nobody refers to. To be made before one looks who is referred to: blocks that are
 * written from then on stay.
 */
export function createBlockDropper(
  db: Sqlite,
  kind: (typeof blockKinds)[keyof typeof blockKinds],
): (isLive: (id: number) => boolean) => Promise<void> {
  const greatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM blocks').get()?.id ?? 0;
  const select = db.prepare<[number, number, number, number], { id: number }>(
    'SELECT id FROM blocks WHERE id > ? AND id <= ? AND kind = ? ORDER BY id LIMIT ?',
  );
  const drop = db.prepare('DELETE FROM blocks WHERE id = ?');

  return (isLive) => {
    let after = 0;
    const slice = db.transaction((): boolean => {
      const rows = select.all(after, greatest, kind, BLOCKS_A_SLICE);
      for (const { id } of rows) {
        if (!isLive(id)) drop.run(id);
        after = id;
      }
      return rows.length > 0;
    });
    return runSlices(() => slice.immediate());
  };
}
