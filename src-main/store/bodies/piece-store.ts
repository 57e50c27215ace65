import { MAX_BLOCK_BYTES, packBlock } from '../blocks.ts';
import type { Sqlite } from '../database.ts';
import { RecentMap } from '../recent-map.ts';
import { createRowInserter } from '../row-inserter.ts';
import type { PieceIdentity } from './split-body.ts';

/**
 * The writing side of the content-addressed store. Works inside the transaction of the caller, who calls `seal` before
 * the commit, and `forget` when it was rolled back.
 */
export interface PieceStore {
  /** Id of the piece with these bytes, known or new. The bytes must stay as they are until `seal`. */
  put(bytes: Buffer, identity: PieceIdentity | null): number;
  /** Writes the new pieces in compressed blocks. */
  seal(): void;
  /** Drops everything that is remembered and not in the file. */
  forget(): void;
  /** While set, told of every piece that is used: a sweep must not remove it. */
  onUse: ((id: number) => void) | null;
}

/** Of pieces, at least; at about 100 bytes each. The index in the file finds the others. */
const REMEMBERED_PIECES = 5_000;

const noBytes = Buffer.alloc(0);

interface NewPiece {
  id: number;
  hash: Buffer | null;
  bytes: Buffer;
}

/** @param nextBlockId gives out block ids, shared with the call details */
export function createPieceStore(db: Sqlite, nextBlockId: () => number): PieceStore {
  const select = db.prepare<[Buffer], { id: number }>('SELECT id FROM pieces WHERE hash = ?');
  const insertBlock = db.prepare('INSERT INTO blocks (id, kind, raw_bytes, data) VALUES (?, ?, ?, ?)');
  const newPieces = createRowInserter(db, 'pieces', ['id', 'hash', 'block_id', 'offset', 'length']);
  const greatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM pieces');

  const known = new RecentMap<string, number>(REMEMBERED_PIECES);
  let fresh: NewPiece[] = [];
  let freshBytes = 0;
  let nextId = 0;

  function findOrAdd(bytes: Buffer, identity: PieceIdentity): number {
    const { hash, indexed } = identity;
    const remembered = known.get(hash);
    if (remembered !== undefined) return remembered;
    const id = (indexed ? select.get(Buffer.from(hash, 'latin1'))?.id : undefined) ?? add(bytes, identity);
    known.set(hash, id);
    return id;
  }

  function add(bytes: Buffer, identity: PieceIdentity | null): number {
    if (freshBytes + bytes.length > MAX_BLOCK_BYTES) seal();
    const id = nextId++;
    fresh.push({ id, hash: identity?.indexed === true ? Buffer.from(identity.hash, 'latin1') : null, bytes });
    freshBytes += bytes.length;
    return id;
  }

  function seal(): void {
    if (fresh.length === 0) return;
    const blockId = nextBlockId();
    const [first, ...others] = fresh.map((piece) => piece.bytes);
    const { kind, data } = packBlock(
      first !== undefined && others.length === 0 ? first : Buffer.concat([first ?? noBytes, ...others], freshBytes),
    );
    insertBlock.run(blockId, kind, freshBytes, data);
    let offset = 0;
    for (const { id, hash, bytes } of fresh) {
      newPieces.add(id, hash, blockId, offset, bytes.length);
      offset += bytes.length;
    }
    newPieces.write();
    fresh = [];
    freshBytes = 0;
  }

  function forget(): void {
    known.clear();
    newPieces.forget();
    fresh = [];
    freshBytes = 0;
    nextId = Math.max(nextId, (greatest.get()?.id ?? 0) + 1);
  }

  const store: PieceStore = {
    put: (bytes, identity) => {
      const id = identity === null ? add(bytes, null) : findOrAdd(bytes, identity);
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
