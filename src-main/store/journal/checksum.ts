import { viewOf } from './view-of.ts';

/**
 * 32 bits that tell a torn or damaged frame: the mixing of MurmurHash3 in two lanes, eight bytes a step. zlib's crc32 takes
 * twice as long from Node.
 */
export function checksum(bytes: Buffer, start: number, end: number): number {
  const view = viewOf(bytes);
  let low = end - start;
  let high = 0;
  let at = start + bytes.byteOffset;
  const last = end + bytes.byteOffset;
  for (; at + 8 <= last; at += 8) {
    low = (mixIn(low, view.getInt32(at, true)) + high) | 0;
    high = (mixIn(high, view.getInt32(at + 4, true)) + low) | 0;
  }
  let rest = 0;
  for (; at < last; at++) {
    rest = Math.imul(rest ^ view.getUint8(at), 0x01000193);
  }
  return finish(mixIn(low, rest) + finish(high)) >>> 0;
}

function mixIn(hash: number, word: number): number {
  const mixed = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return Math.imul(rotate(hash ^ mixed, 13), 5) + 0xe6546b64;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
