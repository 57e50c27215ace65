import type { CallSummary } from '../contract/entities.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import { type TokenBucket, tokenBuckets } from '../domain/token-usage.ts';

/** Counters since start, for Prometheus: full series name with labels → value. */
export interface Metrics {
  countCall(call: CallSummary): void;
  countRefused(code: ErrorCode): void;
  read(): ReadonlyMap<string, number>;
}

export function createMetrics(): Metrics {
  const values = new Map<string, number>();
  const add = (series: string, amount: number): void => {
    values.set(series, (values.get(series) ?? 0) + amount);
  };
  return {
    countCall(call) {
      const provider = call.provider ?? 'none';
      add(`tollgate_calls_total{provider="${provider}",status="${call.status}"}`, 1);
      if (call.costNanoUsd === null) add(`tollgate_unpriced_calls_total{provider="${provider}"}`, 1);
      else add(`tollgate_cost_nano_usd_total{provider="${provider}"}`, call.costNanoUsd);
      for (const bucket of tokenBuckets) countBucket(call, provider, bucket);
    },
    countRefused: (code) => add(`tollgate_refused_total{code="${code}"}`, 1),
    read: () => values,
  };

  function countBucket(call: CallSummary, provider: string, bucket: TokenBucket): void {
    const tokens = call.usage[bucket];
    if (tokens !== null && tokens > 0) add(`tollgate_tokens_total{provider="${provider}",bucket="${bucket}"}`, tokens);
  }
}
