import { randomBytes } from 'node:crypto';

/**
 * Bodies must differ: a store that keeps equal pieces once, or a compressor with a window, would look better than it is.
 * Templates hold this placeholder; each use of a template overwrites it with other letters of the same length.
 */
export const noncePlaceholder = 'N'.repeat(192);

const LENGTH = noncePlaceholder.length;
const letters = Buffer.from(
  randomBytes(768 * 1024)
    .toString('base64')
    .replace(/[+/]/g, 'x'),
  'latin1',
);

/** Where the placeholders lie. */
export function findNonces(template: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = template.indexOf(noncePlaceholder); at >= 0; at = template.indexOf(noncePlaceholder, at + LENGTH)) offsets.push(at);
  return offsets;
}

/** A copy with fresh letters at the offsets. */
export function renew(template: Buffer, offsets: readonly number[]): Buffer {
  const copy = Buffer.allocUnsafe(template.length);
  template.copy(copy);
  for (const offset of offsets) {
    const from = Math.floor(Math.random() * (letters.length - LENGTH));
    letters.copy(copy, offset, from, from + LENGTH);
  }
  return copy;
}
