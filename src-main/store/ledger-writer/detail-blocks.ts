import { blockKinds, MAX_BLOCK_BYTES, packDetailBlock } from '../blocks.ts';
import type { DetailPlace, StoredDetail } from '../call-detail.ts';
import type { Sqlite } from '../database.ts';

/** Collects the details of a batch of calls into compressed blocks. */
interface DetailBlocks {
  /** Where the detail will lie; nowhere when it is empty. */
  add(detail: StoredDetail): DetailPlace;
  /** Inside the caller's transaction, before its commit. */
  write(): void;
  forget(): void;
}

const nowhere: DetailPlace = { detail_block: null, detail_offset: null, detail_length: null };

export function createDetailBlocks(db: Sqlite, nextBlockId: () => number): DetailBlocks {
  const insert = db.prepare('INSERT INTO blocks (id, kind, raw_bytes, data) VALUES (?, ?, ?, ?)');
  let texts: Buffer[] = [];
  let bytes = 0;
  let blockId: number | null = null;

  function write(): void {
    if (blockId === null) return;
    insert.run(blockId, blockKinds.zstdDetail1, bytes, packDetailBlock(Buffer.concat(texts, bytes)));
    forget();
  }

  function forget(): void {
    texts = [];
    bytes = 0;
    blockId = null;
  }

  return {
    add: (detail) => {
      const text = Buffer.from(JSON.stringify(detail));
      if (text.length <= 2) return nowhere;
      if (bytes + text.length > MAX_BLOCK_BYTES) write();
      blockId ??= nextBlockId();
      const place = { detail_block: blockId, detail_offset: bytes, detail_length: text.length };
      texts.push(text);
      bytes += text.length;
      return place;
    },
    write,
    forget,
  };
}
