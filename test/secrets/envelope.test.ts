import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeyCheck, matchesKeyCheck, openSecret, sealSecret } from '../../src-main/secrets/envelope.ts';

const key = randomBytes(32);
const name = { id: 'openai', kind: 'provider-key' };
const secret = 'sk-proj-Ünïcode-0123456789';
const damaged = expect.objectContaining({ code: 'secret_damaged' });

/** Accepts neither a wrong text nor another error. */
function expectDamaged(sealed: Uint8Array, as = name, under: Uint8Array = key): void {
  expect(() => openSecret(under, as, sealed)).toThrow(damaged);
}

describe('sealSecret', () => {
  it('gives back the text, and holds none of it', () => {
    const sealed = sealSecret(key, name, secret);
    expect(openSecret(key, name, sealed)).toBe(secret);
    expect(sealed.includes('sk-proj')).toBe(false);
  });

  it('G5: takes 10 kB, and the empty text', () => {
    const large = JSON.stringify({ private_key: 'é\n'.repeat(5_000) });
    expect(openSecret(key, name, sealSecret(key, name, large))).toBe(large);
    expect(openSecret(key, name, sealSecret(key, name, ''))).toBe('');
  });

  it('G4: uses a new IV each time', () => {
    const ivs = new Set(Array.from({ length: 10_000 }, () => sealSecret(key, name, 'x').toString('hex', 1, 13)));
    expect(ivs.size).toBe(10_000);
  });
});

describe('openSecret', () => {
  it('G4: fails closed for every flipped bit of every byte', () => {
    const sealed = sealSecret(key, name, secret);
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = Buffer.from(sealed);
        altered[at] = altered[at]! ^ (1 << bit);
        expectDamaged(altered);
      }
    }
  });

  it('G4: accepts no shortened tag and no cut or lengthened text', () => {
    const sealed = sealSecret(key, name, secret);
    for (let length = 0; length < sealed.length; length++) expectDamaged(sealed.subarray(0, length));
    expectDamaged(Buffer.concat([sealed, Buffer.alloc(1)]));
  });

  it('G4: opens only under its own id and kind', () => {
    const one = sealSecret(key, { id: 'ab', kind: 'c' }, secret);
    for (const other of [
      { id: 'a', kind: 'bc' },
      { id: 'abc', kind: '' },
      { id: '', kind: 'abc' },
      { id: 'c', kind: 'ab' },
      { id: 'ab', kind: 'C' },
    ]) {
      expectDamaged(one, other);
    }
  });

  it('G4: opens under no other master key', () => {
    expectDamaged(sealSecret(key, name, secret), name, randomBytes(32));
  });
});

describe('the key check', () => {
  it('recognises its key alone, and is not the key', () => {
    const check = createKeyCheck(key);
    expect(matchesKeyCheck(key, check)).toBe(true);
    expect(matchesKeyCheck(randomBytes(32), check)).toBe(false);
    expect(matchesKeyCheck(key, check.subarray(1))).toBe(false);
    expect(Buffer.from(check).equals(key)).toBe(false);
  });
});
