import { BlockFiller } from '../block-filler.ts';
import { packDetailBlock } from '../blocks.ts';
import type { DetailPlace } from '../call-detail.ts';
import type { Sqlite } from '../database.ts';
import type { DetailBytes } from '../journal/records.ts';

/** Collects the details of a batch of calls into compressed blocks. */
interface DetailBlocks {
  /**
   * Where the detail will lie; nowhere when it is empty.
   * @param before JSON of what the start told, "" if nothing: other fields than those of `detail`
   */
  add(before: string, detail: DetailBytes): DetailPlace;
  /** Inside the caller's transaction, before its commit. */
  write(): void;
  forget(): void;
}

export const noDetail: DetailBytes = { bytes: Buffer.alloc(0), start: 0, end: 0 };

const nowhere: DetailPlace = { detail_block: null, detail_offset: null, detail_length: null };

export function createDetailBlocks(db: Sqlite, nextBlockId: () => number): DetailBlocks {
  const blocks = new BlockFiller(db, nextBlockId, packDetailBlock);
  return {
    add: (before, { bytes, start, end }) => {
      if (before === '' && start === end) return nowhere;
      // Two objects in a row become one, with a comma for the braces between them.
      const isJoined = before !== '' && start < end;
      const from = isJoined ? start + 1 : start;
      const { block, offset, length } = blocks.reserve(Buffer.byteLength(before) + end - from);
      const middle = before === '' ? offset : offset + blocks.memory.write(isJoined ? `${before.slice(0, -1)},` : before, offset);
      bytes.copy(blocks.memory, middle, from, end);
      return { detail_block: block, detail_offset: offset, detail_length: length };
    },
    write: () => blocks.write(),
    forget: () => blocks.forget(),
  };
}
