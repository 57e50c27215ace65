import { BlockFiller } from '../block-filler.ts';
import { MAX_SHARED_BYTES, packBlock } from '../blocks.ts';
import type { Sqlite } from '../database.ts';
import { RecentMap } from '../recent-map.ts';
import { createRowInserter } from '../row-inserter.ts';

/**
 * The writing side of the content-addressed store. Works inside the transaction of the caller, who calls `seal` before
 * the commit, and `forget` when it was rolled back.
 */
export interface PieceStore {
  /** Id of the piece with these bytes, known or new. @param hash from `hashPiece`; null = it does not come again */
  put(bytes: Buffer, hash: string | null): number;
  /** Writes the new pieces in compressed blocks. */
  seal(): void;
  /** Drops everything that is remembered and not in the file. */
  forget(): void;
  /** While set, told of every piece that is used: a sweep must not remove it. */
  onUse: ((id: number) => void) | null;
}

/** Of pieces, at least; at about 100 bytes each. The index in the file finds the others. */
const REMEMBERED_PIECES = 5_000;

/** @param nextBlockId gives out block ids, shared with the call details */
export function createPieceStore(db: Sqlite, nextBlockId: () => number): PieceStore {
  const select = db.prepare<[Buffer], { id: number }>('SELECT id FROM pieces WHERE hash = ?');
  const newPieces = createRowInserter(db, 'pieces', ['id', 'hash', 'block_id', 'offset', 'length']);
  const greatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM pieces');

  const known = new RecentMap<string, number>(REMEMBERED_PIECES);
  const blocks = new BlockFiller(db, nextBlockId, packBlock);
  let nextId = 0;

  function findOrAdd(bytes: Buffer, hash: string): number {
    const remembered = known.get(hash);
    if (remembered !== undefined) return remembered;
    const key = Buffer.from(hash, 'latin1');
    const id = select.get(key)?.id ?? add(bytes, key);
    known.set(hash, id);
    return id;
  }

  function add(bytes: Buffer, key: Buffer | null): number {
    // The ids of a block's pieces follow each other: who sweeps them relies on it.
    const { block, offset, length } = bytes.length > MAX_SHARED_BYTES ? blocks.addAlone(bytes) : blocks.add(bytes);
    const id = nextId++;
    newPieces.add([id, key, block, offset, length]);
    return id;
  }

  function seal(): void {
    blocks.write();
    newPieces.write();
  }

  function forget(): void {
    known.clear();
    newPieces.forget();
    blocks.forget();
    nextId = Math.max(nextId, (greatest.get()?.id ?? 0) + 1);
  }

  const store: PieceStore = {
    put: (bytes, hash) => {
      const id = hash === null ? add(bytes, null) : findOrAdd(bytes, hash);
      store.onUse?.(id);
      return id;
    },
    seal,
    forget,
    onUse: null,
  };
  forget();
  return store;
}
