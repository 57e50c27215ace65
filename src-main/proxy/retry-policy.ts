/** Statuses of a provider that is busy, not of a request that is wrong. */
const busy = new Set([500, 502, 503, 504, 529]);

export const MAX_RETRIES = 2;
/** All waits of one call together: a caller should not learn of a dead provider later than this. */
export const MAX_TOTAL_WAIT_MS = 4_000;

export interface RetryQuestion {
  /** Retries done so far. */
  retries: number;
  waitedMs: number;
  /** The caller's own SDK retries (it says so): doing it here as well would multiply the attempts. */
  callerRetries: boolean;
  /** null: no answer came. */
  status: number | null;
  /** The request was surely not processed. */
  safe: boolean;
  retryAfterMs: number | null;
  /** 0..1 */
  random: number;
}

/**
 * How long to wait before another try; null = do not. Only ever asked before a byte has reached the caller. What may
 * have been processed is never sent twice (a reset after the body was sent), nor is what another try cannot mend.
 */
export function resolveRetryDelay(question: RetryQuestion): number | null {
  if (question.retries >= MAX_RETRIES) return null;
  const backoffMs = 250 * 2 ** question.retries * (0.75 + question.random / 2);
  if (question.status === null) return question.safe ? Math.min(backoffMs, 100 * (question.retries + 1)) : null;
  if (question.callerRetries) return null;
  const retryable = busy.has(question.status) || (question.status === 429 && question.retryAfterMs !== null);
  if (!retryable) return null;
  const delayMs = Math.max(backoffMs, question.retryAfterMs ?? 0);
  return question.waitedMs + delayMs <= MAX_TOTAL_WAIT_MS ? delayMs : null;
}

/** `retry-after-ms`, else `retry-after` as seconds or HTTP date; null when neither says anything usable. */
export function readRetryAfterMs(retryAfterMs: string | null, retryAfter: string | null, now: number): number | null {
  if (retryAfterMs !== null && /^\d+(\.\d+)?$/.test(retryAfterMs)) return Number(retryAfterMs);
  if (retryAfter === null) return null;
  if (/^\d+(\.\d+)?$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
