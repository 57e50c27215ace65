import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Sqlite } from './database.ts';
import { detailDictionary1 } from './detail-dictionary.ts';
import { StoreError } from './store-error.ts';

/** `blocks.kind`: how `data` is packed. In files on users' disks: never renumber. */
export const blockKinds = { zstd: 1, zstdDetail1: 2 } as const;

/** Most raw bytes that are packed together: what a reader has to unpack to get at one piece. */
export const MAX_BLOCK_BYTES = 256 * 1024;

/** Level 3 makes blocks a twentieth smaller and takes half as long again. */
const pieceOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** For pieces of bodies. */
export function packBlock(raw: Buffer): Buffer {
  return zstdCompressSync(raw, pieceOptions);
}

/** For call details: batches are often a single call, whose field names only a dictionary can make small. */
export function packDetailBlock(raw: Buffer): Buffer {
  return zstdCompressSync(raw, { dictionary: detailDictionary1 });
}

/** @throws StoreError `corrupt` when the kind is unknown or the data damaged */
export function unpackBlock(kind: number, data: Buffer): Buffer {
  try {
    if (kind === blockKinds.zstd) return zstdDecompressSync(data);
    if (kind === blockKinds.zstdDetail1) return zstdDecompressSync(data, { dictionary: detailDictionary1 });
  } catch (cause) {
    throw new StoreError('corrupt', 'a block of the ledger cannot be unpacked', { cause });
  }
  throw new StoreError('corrupt', `block of unknown kind ${kind}`);
}

/** Gives the raw bytes of a block; null when there is no such block. @throws StoreError `corrupt` */
export type BlockReader = (id: number) => Buffer | null;

/** A reader that keeps the blocks used last unpacked, up to `cacheBytes`. Blocks are rewritten only with unused parts blanked. */
export function createBlockReader(db: Sqlite, cacheBytes: number): BlockReader {
  const select = db.prepare<[number], { kind: number; data: Buffer }>('SELECT kind, data FROM blocks WHERE id = ?');
  const cache = new Map<number, Buffer>();
  let cachedBytes = 0;

  return (id) => {
    const cached = cache.get(id);
    if (cached !== undefined) {
      cache.delete(id);
      cache.set(id, cached);
      return cached;
    }
    const row = select.get(id);
    if (row === undefined) return null;
    const raw = unpackBlock(row.kind, row.data);
    cache.set(id, raw);
    cachedBytes += raw.length;
    for (const [oldest, block] of cache) {
      if (cachedBytes <= cacheBytes || oldest === id) break;
      cache.delete(oldest);
      cachedBytes -= block.length;
    }
    return raw;
  };
}
