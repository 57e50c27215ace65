import { blockKinds, MAX_BLOCK_BYTES, packDetailBlock } from '../blocks.ts';
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
  const insert = db.prepare('INSERT INTO blocks (id, kind, raw_bytes, data) VALUES (?, ?, ?, ?)');
  let raw = Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
  let used = 0;
  let blockId: number | null = null;

  function write(): void {
    if (blockId === null) return;
    insert.run(blockId, blockKinds.zstdDetail1, used, packDetailBlock(raw.subarray(0, used)));
    forget();
  }

  function forget(): void {
    used = 0;
    blockId = null;
    // One huge detail must not keep its memory for good.
    if (raw.length > MAX_BLOCK_BYTES) raw = Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
  }

  function makeRoom(length: number): void {
    if (used + length > MAX_BLOCK_BYTES) write();
    if (length > raw.length) raw = Buffer.allocUnsafeSlow(length);
  }

  return {
    add: (before, { bytes, start, end }) => {
      if (before === '' && start === end) return nowhere;
      makeRoom(Buffer.byteLength(before) + end - start);
      blockId ??= nextBlockId();
      const offset = used;
      // Two objects in a row become one.
      const isJoined = before !== '' && start < end;
      if (before !== '') used += raw.write(isJoined ? `${before.slice(0, -1)},` : before, used);
      used += bytes.copy(raw, used, isJoined ? start + 1 : start, end);
      return { detail_block: blockId, detail_offset: offset, detail_length: used - offset };
    },
    write,
    forget,
  };
}
