import type { RangeQuery } from '../contract/admin-api.ts';
import type { UnpricedReport } from '../contract/reports.ts';
import type { AdminHandlers } from './admin-handler-types.ts';
import type { AdminServices } from './admin-services.ts';
import { settleLedger } from './settle-ledger.ts';

type ReportHandlers = Pick<AdminHandlers, 'readSpend' | 'readLatency' | 'readCacheSavings' | 'listErrors' | 'listUnpriced'>;

/** Sums over recorded calls. */
export function createReportHandlers(services: AdminServices): ReportHandlers {
  const { reader } = services;
  const settled =
    <Query, Report>(read: (query: Query, now: number) => Promise<Report>) =>
    async ({ query }: { query: Query }): Promise<Report> => {
      await settleLedger(services);
      return read(query, services.clock());
    };
  return {
    readSpend: settled((query, now) => reader.readSpend(query, now)),
    readLatency: settled((query, now) => reader.readLatency(query, now)),
    readCacheSavings: settled((query, now) => reader.readCacheSavings(query, now)),
    listErrors: settled((query, now) => reader.listErrors(query, now)),
    listUnpriced: settled((query, now) => listUnpriced(services, query, now)),
  };
}

async function listUnpriced({ reader, prices }: AdminServices, query: RangeQuery, now: number): Promise<UnpricedReport> {
  const { groups, totals } = await reader.readSpend({ ...query, groupBy: 'target' }, now);
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
