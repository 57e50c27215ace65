import { describe, expect, it } from 'vitest';
import { createCallerKey, hashCallerKey, hasValidChecksum, looksLikeCallerKey } from '../../src-main/secrets/caller-key.ts';

describe('caller keys', () => {
  it('B2: are tk_ with more than 160 random bits and a checksum, each one new', () => {
    const keys = Array.from({ length: 2_000 }, createCallerKey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatch(/^tk_[0-9A-Za-z]{36}$/);
      expect(hasValidChecksum(key)).toBe(true);
    }
    expect(30 * Math.log2(62)).toBeGreaterThan(160);
    expect(new Set(keys.map((key) => key.slice(3, 33)).join('')).size).toBe(62);
  });

  it('B2: with any one character changed, cut off or added fail the checksum', () => {
    const key = createCallerKey();
    for (let at = 0; at < key.length; at++) {
      const other = key[at] === 'x' ? 'y' : 'x';
      expect(hasValidChecksum(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
      expect(hasValidChecksum(key.slice(0, at))).toBe(false);
    }
    expect(hasValidChecksum(`${key}x`)).toBe(false);
    expect(hasValidChecksum(`${key}\n`)).toBe(false);
  });

  it('given by environment may be any string: they do not look like ours and have no checksum', () => {
    const foreign = 'my-own-key-of-20-characters';
    expect(looksLikeCallerKey(foreign)).toBe(false);
    expect(hasValidChecksum(foreign)).toBe(false);
    expect(looksLikeCallerKey(createCallerKey())).toBe(true);
  });

  it('B2: are kept as SHA-256 in hex', () => {
    expect(hashCallerKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
