import type { QueryClient } from '@tanstack/react-query';
import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import type { LiveEvents } from './live-events.ts';

/** Sums need not follow a burst of calls one by one. */
const settleMs = 400;
/** Nor need what is counted from calls, which costs more. */
const slowSettleMs = 2_000;

type Endpoint =
  | 'readStatus'
  | 'readSpend'
  | 'listTags'
  | 'listProviders'
  | 'listCallerKeys'
  | 'readSettings'
  | 'listPriceOverrides'
  | 'readLatency'
  | 'readCacheSavings'
  | 'listErrors'
  | 'listUnpriced'
  | 'recentCalls';

const byConfig: Record<Extract<AdminEvent, { type: 'config-changed' }>['what'], readonly Endpoint[]> = {
  providers: ['listProviders', 'readStatus'],
  keys: ['listCallerKeys', 'readStatus'],
  settings: ['readSettings'],
  prices: ['listPriceOverrides', 'readSpend', 'listUnpriced'],
  vault: ['readStatus', 'listProviders'],
};

/** Collects endpoints, and makes them stale together a while after the first. */
function createPlan(queries: QueryClient, waitMs: number): (endpoints: readonly Endpoint[]) => void {
  const waiting = new Set<Endpoint>();
  const refetch = (): void => {
    for (const endpoint of waiting) void queries.invalidateQueries({ queryKey: [endpoint] });
    waiting.clear();
  };
  return (endpoints) => {
    if (waiting.size === 0) setTimeout(refetch, waitMs);
    for (const endpoint of endpoints) waiting.add(endpoint);
  };
}

/** Makes what a page shows stale when the gateway says that it changed. The list of calls looks at the events itself. */
export function refetchOnEvents(queries: QueryClient, events: LiveEvents): void {
  const plan = createPlan(queries, settleMs);
  const planSlowly = createPlan(queries, slowSettleMs);

  events.subscribe((event) => {
    if (event.type === 'call-started') plan(['recentCalls']);
    else if (event.type === 'call-finished') {
      plan(['recentCalls', 'readStatus', 'readSpend', 'listTags']);
      planSlowly(['readLatency', 'readCacheSavings', 'listErrors', 'listUnpriced']);
    } else if (event.type === 'config-changed') plan(byConfig[event.what]);
    else if (event.type === 'health-changed') plan(['readStatus']);
    else if (event.type === 'gap') void queries.invalidateQueries();
  });
  // Back after the gateway was away: anything may have changed.
  let wasLive = false;
  events.watch(() => {
    if (events.state === 'live' && wasLive) void queries.invalidateQueries();
    if (events.state === 'live') wasLive = true;
  });
}
