import { hash } from 'node:crypto';

/** 16 bytes of SHA-256, one character (latin1) each: short enough to keep, long enough that nobody can make two texts collide. */
export function hashPiece(bytes: Buffer | string): string {
  return hash('sha256', bytes, 'binary').slice(0, 16);
}
