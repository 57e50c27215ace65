import { describe, expect, it } from 'vitest';
import { parseUsd, parseUsdTicks } from '../../src-main/dialects/provider-cost.ts';

describe('provider cost', () => {
  it.each<[unknown, number | null]>([
    [0.000001, 1000],
    [0, 0],
    ['0.0000000015', 2],
    ['0.0000000025', 2],
    ['0.00000000250000001', 3],
    [1e-9, 1],
    [1.1, 1_100_000_000],
    [0.1 + 0.2, 300_000_000],
    [2.5e-7, 250],
    ['1e-400', 0],
    [1e300, null],
    [-1, null],
    [Number.NaN, null],
    ['1,5', null],
    [null, null],
    ['9'.repeat(100), null],
  ])('%s USD is %s nano-dollars', (usd, nano) => {
    expect(parseUsd(usd)).toBe(nano);
  });

  it.each<[unknown, number | null]>([
    [97_000_000, 9_700_000],
    [15, 2],
    [25, 2],
    [26, 3],
    [4, 0],
    ['15', 2],
    [1.5, null],
    [-10, null],
    [undefined, null],
  ])('%s ticks are %s nano-dollars', (ticks, nano) => {
    expect(parseUsdTicks(ticks)).toBe(nano);
  });
});
