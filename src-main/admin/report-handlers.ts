import type { AdminHandlers, RangeQuery } from '../contract/admin-api.ts';
import type { UnpricedReport } from '../contract/reports.ts';
import type { AdminServices } from './admin-services.ts';
import { settleLedger } from './settle-ledger.ts';

type ReportHandlers = Pick<AdminHandlers, 'readSpend' | 'readLatency' | 'readCacheSavings' | 'listErrors' | 'listUnpriced'>;

/** Sums over recorded calls. */
export function createReportHandlers(services: AdminServices): ReportHandlers {
  const { reader, clock } = services;
  const settle = (): Promise<void> => settleLedger(services);
  return {
    readSpend: async ({ query }) => {
      await settle();
      return reader.readSpend(query, clock());
    },
    readLatency: async ({ query }) => {
      await settle();
      return reader.readLatency(query, clock());
    },
    readCacheSavings: async ({ query }) => {
      await settle();
      return reader.readCacheSavings(query, clock());
    },
    listErrors: async ({ query }) => {
      await settle();
      return reader.listErrors(query, clock());
    },
    listUnpriced: async ({ query }) => {
      await settle();
      return listUnpriced(services, query);
    },
  };
}

async function listUnpriced({ reader, prices, clock }: AdminServices, query: RangeQuery): Promise<UnpricedReport> {
  const { groups, totals } = await reader.readSpend({ ...query, groupBy: 'target' }, clock());
  const items = groups.flatMap((group) => {
    const slash = group.key?.indexOf('/') ?? -1;
    if (group.key === null || group.unpriced === 0 || slash < 1) return [];
    const [provider, model] = [group.key.slice(0, slash), group.key.slice(slash + 1)];
    const inputTokens = group.inputUncached + group.inputCacheRead + group.inputCacheWrite;
    const outputTokens = group.output + group.outputReasoning;
    return prices.knows(provider, model) ? [] : [{ provider, model, calls: group.unpriced, inputTokens, outputTokens }];
  });
  items.sort((a, b) => b.calls - a.calls || (a.model < b.model ? -1 : 1));
  return { items, otherCalls: totals.unpriced - items.reduce((sum, { calls }) => sum + calls, 0) };
}
