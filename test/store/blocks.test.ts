import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockKinds, packBlock, unpackBlock } from '../../src-main/store/blocks.ts';

const base64 = (bytes: number) => Buffer.from(randomBytes(bytes).toString('base64'));

function roundTrip(raw: Buffer): number {
  const { kind, data } = packBlock(raw);
  expect(unpackBlock(kind, data).equals(raw)).toBe(true);
  return kind;
}

describe('a block of pieces', () => {
  it('that is all base64 is kept as the bytes it stands for', () => {
    const image = base64(196_608);
    expect(roundTrip(image)).toBe(blockKinds.base64);
    expect(packBlock(image).data).toHaveLength(196_608);
    // Any run of the alphabet is, wherever it was cut out.
    expect(roundTrip(image.subarray(3, 3 + 200_000))).toBe(blockKinds.base64);
  });

  it.each([
    ['ends with padding', Buffer.concat([base64(30_000), Buffer.from('QQ==')])],
    ['holds a character of base64url', Buffer.concat([base64(30_000), Buffer.from('-_-_')])],
    ['holds a line end', Buffer.concat([base64(30_000), Buffer.from('\r\nab')])],
    ['is no multiple of four', base64(30_000).subarray(1)],
    ['holds a byte beyond ASCII', Buffer.concat([base64(30_000), Buffer.from([0xe4, 0xf6, 0xfc, 0xff])])],
    ['begins like base64 and is text', Buffer.concat([base64(60), Buffer.from('{"role":"user"}'.repeat(2000))])],
    ['is short', base64(300)],
    ['is empty', Buffer.alloc(0)],
  ])('that %s is compressed, and the same bytes come back', (_, raw) => {
    expect(roundTrip(raw)).toBe(blockKinds.zstd);
  });

  it('comes back whatever it is', () => {
    const alphabet = fc.constantFrom(...'ABCabc0189+/=-_ "{\n\u0000é');
    const text = fc.array(alphabet, { minLength: 0, maxLength: 40 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (piece, isLong) => {
        roundTrip(Buffer.from(isLong ? piece.repeat(Math.ceil(20_000 / Math.max(1, piece.length))) : piece));
      }),
      { numRuns: 300 },
    );
  });
});
