import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const prefix = 'tk_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 30 characters of 62 are 178 bits. */
const randomLength = 30;
/** 62^6 covers the 32 bits of a CRC. */
const checksumLength = 6;
const shape = /^tk_[0-9A-Za-z]{36}$/;

/** A new caller key: `tk_` ‖ 30 random base62 characters ‖ 6 of CRC-32. Shown once; only its hash is stored. */
export function createCallerKey(): string {
  const random = Array.from({ length: randomLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return prefix + random + renderChecksum(random);
}

/** Whether Tollgate could have made this key. A key given by environment may be any other string. */
export function looksLikeCallerKey(key: string): boolean {
  return shape.test(key);
}

/** Sorts out mistyped and cut-off keys without a look into the store. Not a secret: anyone can compute it. */
export function hasValidChecksum(key: string): boolean {
  if (!looksLikeCallerKey(key)) return false;
  const random = key.slice(prefix.length, prefix.length + randomLength);
  return key.slice(-checksumLength) === renderChecksum(random);
}

/** SHA-256 in hex: a fast hash is right here, for the keys are random and long. */
export function hashCallerKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

function renderChecksum(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let i = 0; i < checksumLength; i++) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
