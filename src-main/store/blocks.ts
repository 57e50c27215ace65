import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Sqlite } from './database.ts';
import { detailDictionary1 } from './detail-dictionary.ts';
import { StoreError } from './store-error.ts';

/** `blocks.kind`: how `data` is packed. In files on users' disks: never renumber. */
export const blockKinds = { zstd: 1, zstdDetail1: 2, base64: 3, zstdBodies: 4 } as const;

/** Most raw bytes that are packed together: what a reader has to unpack to get at one piece. */
export const MAX_BLOCK_BYTES = 256 * 1024;

/** Something longer is a block by itself. */
export const MAX_SHARED_BYTES = MAX_BLOCK_BYTES / 2;

/** Smaller blocks are not worth the look. */
const MIN_BASE64_BYTES = 16 * 1024;

/** Level 3 makes blocks a twentieth smaller and takes half as long again. */
const pieceOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface PackedBlock {
  kind: number;
  data: Buffer;
}

/** For pieces of bodies. The data is only good until the next call. */
export function packBlock(raw: Buffer): PackedBlock {
  const bytes = decodeBase64(raw);
  return bytes === null ? { kind: blockKinds.zstd, data: zstdCompressSync(raw, pieceOptions) } : { kind: blockKinds.base64, data: bytes };
}

/** Fresh memory of this size comes from the system page by page, which takes longer than to decode into it. */
const decoded = Buffer.allocUnsafeSlow((MAX_BLOCK_BYTES / 4) * 3);
/** Of base64. A string of some 100 KB is a large object to V8, with pages of its own: decoded at once, a block takes 15 times as long. */
const SLICE_CHARS = 16 * 1024;

/**
 * The bytes for which all of a block is the base64 (the inside of an image): as small as compressed, for half the work. null
 * for anything else. Node's decoder skips what it does not know and ends at "=", so that fewer bytes come out; "-" and "_"
 * it takes for "+" and "/", which encoding would not give back.
 */
function decodeBase64(raw: Buffer): Buffer | null {
  const { length } = raw;
  if (length < MIN_BASE64_BYTES || length > MAX_BLOCK_BYTES || length % 4 !== 0) return null;
  if (!/^[\w+/]*$/.test(raw.toString('latin1', 0, 64)) || raw.includes('-') || raw.includes('_')) return null;
  let bytes = 0;
  for (let at = 0; at < length; at += SLICE_CHARS) {
    const end = Math.min(at + SLICE_CHARS, length);
    bytes += decoded.write(raw.toString('latin1', at, end), bytes, 'base64');
    if (bytes * 4 !== end * 3) return null;
  }
  return decoded.subarray(0, bytes);
}

/** For call details: batches are often a single call, whose field names only a dictionary can make small. */
export function packDetailBlock(raw: Buffer): PackedBlock {
  return { kind: blockKinds.zstdDetail1, data: zstdCompressSync(raw, { dictionary: detailDictionary1 }) };
}

/** For bodies that come once and are not cut; their layouts name the block. */
export function packBodyBlock(raw: Buffer): PackedBlock {
  return { kind: blockKinds.zstdBodies, data: zstdCompressSync(raw, pieceOptions) };
}

/** A block of details or of whole bodies of which a part was blanked, as the kind it was. */
export function repackBlock(kind: number, raw: Buffer): PackedBlock {
  return kind === blockKinds.zstdDetail1 ? packDetailBlock(raw) : packBodyBlock(raw);
}

/** @throws StoreError `corrupt` when the kind is unknown or the data damaged */
export function unpackBlock(kind: number, data: Buffer): Buffer {
  try {
    if (kind === blockKinds.zstd || kind === blockKinds.zstdBodies) return zstdDecompressSync(data);
    if (kind === blockKinds.base64) return Buffer.from(data.toString('base64'), 'latin1');
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
