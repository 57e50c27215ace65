import type { LedgerReader } from '../ledger-reader.ts';
import type { AskReader } from '../reader-thread.ts';
import { parseCallsQuery, parseCursor, parseLimit } from './parse-calls-query.ts';
import { parseSpendQuery } from './parse-spend-query.ts';

/** The ledger's queries, seen from the gateway's thread. Queries are checked here: only sound ones reach the other thread. */
export function createLedgerReader(ask: AskReader): LedgerReader {
  return {
    listCalls: async (query) => ask('listCalls', parseCallsQuery(query)),
    readCall: (id) => ask('readCall', id),
    renderBodies: (id) => ask('renderBodies', id),
    readSpend: async (query, now) => ask('readSpend', parseSpendQuery(query, now)),
    readLatency: async (query, now) => ask('readLatency', parseSpendQuery(query, now)),
    readCacheSavings: async (query, now) => ask('readCacheSavings', parseSpendQuery(query, now)),
    listErrors: async (query, now) => ask('listErrors', parseSpendQuery(query, now)),
    readTotals: (fromMs) => ask('readTotals', fromMs),
    listTags: () => ask('listTags', undefined),
    listConversations: async ({ limit, cursor }) => ask('listConversations', { limit: parseLimit(limit), endId: parseCursor(cursor) }),
  };
}
