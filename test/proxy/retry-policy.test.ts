import { describe, expect, it } from 'vitest';
import { MAX_TOTAL_WAIT_MS, type RetryQuestion, readRetryAfterMs, resolveRetryDelay } from '../../src-main/proxy/retry-policy.ts';

const question: RetryQuestion = {
  retries: 0,
  waitedMs: 0,
  callerRetries: false,
  status: 503,
  safe: false,
  retryAfterMs: null,
  random: 0.5,
};
const delay = (change: Partial<RetryQuestion>) => resolveRetryDelay({ ...question, ...change });

describe('retries', () => {
  it.each([500, 502, 503, 504, 529])('S17: are made for a busy provider (%d)', (status) => {
    expect(delay({ status })).toBe(250);
    expect(delay({ status, retries: 1 })).toBe(500);
  });

  it.each([400, 401, 402, 403, 404, 408, 409, 413, 422, 501])('S17: are not made for %d', (status) => {
    expect(delay({ status })).toBeNull();
  });

  it('are made for 429 only when the provider says how long to wait', () => {
    expect(delay({ status: 429 })).toBeNull();
    expect(delay({ status: 429, retryAfterMs: 1_000 })).toBe(1_000);
  });

  it('S17: never send twice what may have been processed', () => {
    expect(delay({ status: null, safe: false })).toBeNull();
    expect(delay({ status: null, safe: true })).toBe(100);
  });

  it('S18: end after two, and when the waits together would be too long', () => {
    expect(delay({ retries: 2 })).toBeNull();
    expect(delay({ retryAfterMs: MAX_TOTAL_WAIT_MS })).toBe(MAX_TOTAL_WAIT_MS);
    expect(delay({ retryAfterMs: MAX_TOTAL_WAIT_MS, waitedMs: 1 })).toBeNull();
  });

  it('S18: leave a busy provider to a caller that retries by itself', () => {
    expect(delay({ callerRetries: true })).toBeNull();
    expect(delay({ callerRetries: true, status: null, safe: true })).toBe(100);
  });

  it('spread by a quarter each way', () => {
    expect([delay({ random: 0 }), delay({ random: 1 })]).toEqual([187.5, 312.5]);
  });
});

describe('retry-after', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  it.each([
    [null, null, null],
    ['1500', '9', 1500],
    ['1.5', null, 1.5],
    [null, '2', 2000],
    [null, ' 0.5 ', 500],
    [null, 'Mon, 23 Nov 2026 10:00:07 GMT', 7000],
    [null, 'Mon, 23 Nov 2026 09:00:00 GMT', 0],
    [null, 'soon', null],
    ['soon', '3', 3000],
  ])('of %j and %j is %j ms', (ms, seconds, expected) => {
    expect(readRetryAfterMs(ms, seconds, now)).toBe(expected);
  });
});
