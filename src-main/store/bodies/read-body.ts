import type { BlockRange } from '../block-filler.ts';
import type { BlockReader } from '../blocks.ts';
import type { BodyKind } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { StoreError } from '../store-error.ts';
import { type Insertion, parseLayout, parseLayouts } from './layout.ts';

export interface BodyReader {
  /** The exact bytes; null when it was not recorded or has been purged. @throws StoreError `corrupt` */
  readBody(callId: number, kind: BodyKind): Buffer | null;
  /** The same within a transaction of the caller's: a savepoint for each body would make the text index write itself out each time. */
  readBodyInside(callId: number, kind: BodyKind): Buffer | null;
  /** Which bodies of a call are there. */
  listBodies(callId: number): BodyKind[];
}

const COMMA = Buffer.from(',');

/** For any connection to the ledger, read-only ones too. */
export function createBodyReader(db: Sqlite, readBlock: BlockReader): BodyReader {
  const selectLayouts = db.prepare<[number], { layouts: Buffer }>('SELECT layouts FROM bodies WHERE call_id = ?');
  const selectPieces = db.prepare<[number, number], BlockRange>(
    'SELECT block_id AS block, offset, length FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id',
  );

  function readRun(first: number, count: number): Buffer[] {
    const rows = selectPieces.all(first, first + count - 1);
    if (rows.length !== count) throw new StoreError('corrupt', 'pieces of a body are missing');
    return rows.map(readRange);
  }

  function readRange({ block: id, offset, length }: BlockRange): Buffer {
    const block = readBlock(id);
    if (block === null || offset + length > block.length) throw new StoreError('corrupt', 'a block of a body is missing');
    return block.subarray(offset, offset + length);
  }

  function readLayouts(callId: number): Map<BodyKind, Buffer> {
    const row = selectLayouts.get(callId);
    return row === undefined ? new Map() : parseLayouts(row.layouts);
  }

  function readParts(callId: number, kind: BodyKind): Buffer | null {
    const layout = readLayouts(callId).get(kind);
    if (layout === undefined) return null;
    const chunks = parseLayout(layout).flatMap((part) => {
      if (part.type === 'literal') return [part.bytes];
      if (part.type === 'range') return [readRange(part.place)];
      if (part.type === 'patched') return insertInto(readRun(part.piece, 1), part.insertions);
      const pieces = readRun(part.first, part.count);
      return part.commas ? pieces.flatMap((piece) => [piece, COMMA]) : pieces;
    });
    return Buffer.concat(chunks);
  }

  return {
    listBodies: (callId) => [...readLayouts(callId).keys()],
    // All of it from one state of the file: the writer may be purging.
    readBody: db.transaction(readParts),
    readBodyInside: readParts,
  };
}

function insertInto([piece = Buffer.alloc(0)]: Buffer[], insertions: readonly Insertion[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const { offset, bytes } of insertions) {
    chunks.push(piece.subarray(at, offset), bytes);
    at = offset;
  }
  chunks.push(piece.subarray(at));
  return chunks;
}
