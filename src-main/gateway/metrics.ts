import type { ErrorCode } from '../contract/error-codes.ts';
import type { CallEnd } from '../domain/call.ts';
import { tokenBuckets } from '../domain/token-usage.ts';

/** Counters since start, for Prometheus: full series name with labels → value. */
export interface Metrics {
  /** @param provider null where none could be resolved */
  countCall(provider: string | null, end: CallEnd): void;
  countRefused(code: ErrorCode): void;
  read(): ReadonlyMap<string, number>;
}

/** Of one provider; named only when they are read. */
interface ProviderCounts {
  byStatus: Map<CallEnd['status'], number>;
  unpriced: number;
  costNanoUsd: number | null;
  /** In the order of `tokenBuckets`. */
  tokens: number[];
}

export function createMetrics(): Metrics {
  const providers = new Map<string, ProviderCounts>();
  const refused = new Map<ErrorCode, number>();

  function countsOf(provider: string): ProviderCounts {
    let counts = providers.get(provider);
    if (counts === undefined) {
      counts = { byStatus: new Map(), unpriced: 0, costNanoUsd: null, tokens: tokenBuckets.map(() => 0) };
      providers.set(provider, counts);
    }
    return counts;
  }

  return {
    countCall(provider, { status, costNanoUsd, usage }) {
      const counts = countsOf(provider ?? 'none');
      counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
      if (costNanoUsd === null) counts.unpriced++;
      else counts.costNanoUsd = (counts.costNanoUsd ?? 0) + costNanoUsd;
      if (usage === null) return;
      let index = 0;
      for (const bucket of tokenBuckets) {
        counts.tokens[index] = (counts.tokens[index] ?? 0) + (usage[bucket] ?? 0);
        index++;
      }
    },
    countRefused: (code) => void refused.set(code, (refused.get(code) ?? 0) + 1),
    read: () => new Map([...[...providers].flatMap(listSeries), ...[...refused].map(nameRefused)]),
  };
}

function nameRefused([code, count]: [ErrorCode, number]): [string, number] {
  return [`tollgate_refused_total{code="${code}"}`, count];
}

function listSeries([provider, counts]: [string, ProviderCounts]): [string, number][] {
  const label = `provider="${provider}"`;
  const series: [string, number][] = [...counts.byStatus].map(([status, calls]) => [
    `tollgate_calls_total{${label},status="${status}"}`,
    calls,
  ]);
  if (counts.unpriced > 0) series.push([`tollgate_unpriced_calls_total{${label}}`, counts.unpriced]);
  if (counts.costNanoUsd !== null) series.push([`tollgate_cost_nano_usd_total{${label}}`, counts.costNanoUsd]);
  tokenBuckets.forEach((bucket, index) => {
    const tokens = counts.tokens[index] ?? 0;
    if (tokens > 0) series.push([`tollgate_tokens_total{${label},bucket="${bucket}"}`, tokens]);
  });
  return series;
}
