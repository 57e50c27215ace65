import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import type { AdminApi, CallsQuery, GroupQuery, RangeQuery, SpendQuery } from '../../src-main/contract/admin-api.ts';
import { AdminError, type CallInput, callAdmin } from './client.ts';
import { SignedOutError } from './session.ts';

/** Pages of the list of calls. */
const pageSize = 100;
const partMs = 500;

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        // What the gateway refused it will refuse again; what did not reach it may.
        retry: (failures, error) => !(error instanceof AdminError || error instanceof SignedOutError) && failures < 2,
      },
    },
  });
}

/** One endpoint as a query; its key begins with the endpoint's name, by which events make it stale. */
function read<K extends keyof AdminApi>(name: K, input?: CallInput<K>) {
  return queryOptions({ queryKey: [name, input ?? null] as const, queryFn: ({ signal }) => callAdmin(name, input, signal) });
}

export const statusQuery = read('readStatus');
export const providersQuery = read('listProviders');
export const localServersQuery = read('findLocalServers');
export const callerKeysQuery = read('listCallerKeys');
export const settingsQuery = read('readSettings');
export const tagsQuery = read('listTags');
export const priceOverridesQuery = read('listPriceOverrides');
export const spendQuery = (query: SpendQuery) => read('readSpend', { query });
export const latencyQuery = (query: GroupQuery) => read('readLatency', { query });
/** What was much to count comes in parts. */
export const cacheSavingsQuery = (query: GroupQuery) =>
  queryOptions({
    ...read('readCacheSavings', { query }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && data.countedFrom > data.from ? partMs : false),
  });
export const errorsQuery = (query: RangeQuery) => read('listErrors', { query });
export const unpricedQuery = (query: RangeQuery) => read('listUnpriced', { query });
export const callQuery = (id: string) => read('readCall', { params: { id } });
/** Every model that was ever called. */
export const usedModelsQuery = spendQuery({ groupBy: 'model', from: 0, includeDemo: true });
export const foundCallsQuery = (search: string) => read('listCalls', { query: { search, limit: 6 } });
/** Bodies of a call never change. */
export const bodiesQuery = (id: string) => ({ ...read('readCallBodies', { params: { id } }), staleTime: Number.POSITIVE_INFINITY });

/** The calls of a conversation up to one of them, newest first; it may be among them. They stay what they were. */
export const callsBeforeQuery = (conversation: string, startedAt: number) =>
  queryOptions({
    queryKey: ['callsBefore', conversation, startedAt] as const,
    queryFn: ({ signal }) => callAdmin('listCalls', { query: { conversation, to: startedAt + 1, limit: 10 } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The newest calls, whatever they were; those that run among them. */
export const recentCallsQuery = (limit: number) =>
  queryOptions({
    queryKey: ['recentCalls', limit] as const,
    queryFn: ({ signal }) => callAdmin('listCalls', { query: { limit } }, signal),
  });

export const callsQuery = (query: Omit<CallsQuery, 'cursor' | 'limit'>) =>
  infiniteQueryOptions({
    queryKey: ['listCalls', query] as const,
    queryFn: ({ pageParam, signal }) =>
      callAdmin('listCalls', { query: { ...query, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
