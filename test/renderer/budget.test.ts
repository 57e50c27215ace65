import { describe, expect, it } from 'vitest';
import { fillBudget, parseBudget } from '../../src-renderer/features/settings/budget.ts';

describe('a daily budget in dollars', () => {
  it.each([
    ['10', 10_000_000_000],
    [' $2.50 ', 2_500_000_000],
    ['0.000000001', 1],
    ['999999.999999999', 999_999_999_999_999],
    ['', null],
  ])('reads %j as %j', (text, nanoUsd) => {
    expect(parseBudget(text)).toEqual({ nanoUsd, problem: null });
  });

  it.each(['0', '0.00', '-1', '1e3', 'ten', '1,50', '10 000', '1.0000000001', '1000000'])('refuses %j', (text) => {
    expect(parseBudget(text).problem).not.toBeNull();
  });

  it.each([
    [10_000_000_000, '10'],
    [2_500_000_000, '2.50'],
    [1, '0.000000001'],
    [null, ''],
  ])('writes %j as %j, which reads back', (nanoUsd, text) => {
    expect(fillBudget(nanoUsd)).toBe(text);
    expect(parseBudget(text).nanoUsd).toBe(nanoUsd);
  });
});
