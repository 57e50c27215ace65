import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfEven, formatDecimal, parseDecimal } from '../../src-main/domain/pricing/decimal.ts';
import { formatNanoUsd, parseNanoUsd } from '../../src-main/domain/pricing/nano-usd.ts';

describe('nano-dollars', () => {
  it.each([
    [54_399_000, '0.054399'],
    [1, '0.000000001'],
    [0, '0'],
    [3_000_000_000, '3'],
    [-1_500_000_000, '-1.5'],
    [Number.MAX_SAFE_INTEGER, '9007199.254740991'],
  ])('%i is %s', (nanoUsd, text) => {
    expect(formatNanoUsd(nanoUsd)).toBe(text);
    expect(parseNanoUsd(text)).toBe(nanoUsd);
  });

  it.each([
    [1.4e-7, 140],
    ['1.5E-9', 2],
    ['2.5e-9', 2],
    ['-2.5e-9', -2],
    ['0.0000000035', 4],
    ['.5', 500_000_000],
    ['5.', 5_000_000_000],
    ['0.00000000251', 3],
  ])('reads %s as %i, a tie to the even one', (usd, nanoUsd) => {
    expect(parseNanoUsd(usd)).toBe(nanoUsd);
  });

  it.each(['', '.', 'NaN', 'Infinity', '1,5', '0x10', '1e', '1 2', 'e5', '9007199.254740992', `1e${'9'.repeat(9)}`, '1'.repeat(5000)])(
    'does not read %s',
    (text) => {
      expect(parseNanoUsd(text)).toBeNull();
    },
  );

  it('every amount survives the trip through text', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (nanoUsd) => parseNanoUsd(formatNanoUsd(nanoUsd)) === nanoUsd));
  });
});

describe('decimal', () => {
  it('rounds a tie to the even neighbour on both sides of zero', () => {
    expect([5n, 15n, 25n, -5n, -15n, 26n, -26n].map((value) => divideHalfEven(value, 10n))).toEqual([0n, 2n, 2n, 0n, -2n, 3n, -3n]);
  });
  it('says whether the text was exact', () => {
    expect(parseDecimal('1.25', 2)).toEqual({ value: 125n, exact: true });
    expect(parseDecimal('1.255', 2)).toEqual({ value: 126n, exact: false });
    expect(parseDecimal('1.2500', 2)).toEqual({ value: 125n, exact: true });
  });
  it('never rounds further than half a unit', () => {
    const sample = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 12n }));
    fc.assert(
      fc.property(sample, ([dividend, divisor]) => {
        const twice = (divideHalfEven(dividend, divisor) * divisor - dividend) * 2n;
        expect(twice <= divisor && twice >= -divisor).toBe(true);
      }),
    );
  });
  it('formats and reads alike', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.integer({ min: 1, max: 12 }),
        (value, digits) =>
          parseDecimal(formatDecimal(value, digits), digits)?.value === value || value > 10n ** 39n || value < -(10n ** 39n),
      ),
    );
  });
});
