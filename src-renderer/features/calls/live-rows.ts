import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { type CallFilter, matchesFilter } from './call-filter.ts';

/** Calls that events told of since the list was read, by id. */
export type LiveRows = ReadonlyMap<string, CallSummary>;

const maxLiveRows = 2_000;

/** Takes in a bundle of events. Gives the same map when nothing in the list changes. */
export function addEvents(rows: LiveRows, events: readonly AdminEvent[], filter: CallFilter): LiveRows {
  const next = new Map(rows);
  let hasChanged = false;
  for (const event of events) {
    if (event.type !== 'call-started' && event.type !== 'call-finished') continue;
    const call = event.type === 'call-finished' ? event.call : renderStarted(event.call);
    const isIn = matchesFilter(call, filter);
    if (event.type === 'call-started' && (isIn !== true || rows.get(call.id)?.status === 'ok')) continue;
    if (isIn === true) next.set(call.id, call);
    else if (!next.delete(call.id)) continue;
    hasChanged = true;
  }
  if (!hasChanged) return rows;
  for (const id of next.keys()) {
    if (next.size <= maxLiveRows) break;
    next.delete(id);
  }
  return next;
}

type Started = Extract<AdminEvent, { type: 'call-started' }>['call'];

/** What is not known yet is null, as in the ledger. */
function renderStarted(call: Started): CallSummary {
  const none = null;
  return {
    ...call,
    status: 'started',
    httpStatus: none,
    endpoint: '',
    callerDialect: '',
    upstreamDialect: none,
    conversion: 'unchanged',
    byok: false,
    callerKeyId: none,
    conversationId: none,
    durationMs: none,
    firstByteMs: none,
    requestBytes: 0,
    responseBytes: none,
    usage: emptyUsage,
    costNanoUsd: none,
    costSource: 'unknown',
    errorCode: none,
  };
}

const emptyUsage: CallSummary['usage'] = {
  inputUncached: null,
  inputCacheRead: null,
  inputCacheWrite5m: null,
  inputCacheWrite1h: null,
  inputAudio: null,
  inputImage: null,
  outputText: null,
  outputReasoning: null,
  outputAudio: null,
  webSearches: null,
  flags: [],
};

/** Newest first; a live row stands in the place of the stored one. `heldAfter` keeps newer calls out while older ones are read. */
export function mergeRows(stored: readonly CallSummary[], live: LiveRows, heldAfter: number | null): { rows: CallSummary[]; held: number } {
  const known = new Set<string>();
  const rows = stored.map((call) => {
    const newer = live.get(call.id);
    if (newer !== undefined) known.add(call.id);
    return newer ?? call;
  });
  const fresh = [...live.values()].filter(({ id }) => !known.has(id));
  const shown = heldAfter === null ? fresh : fresh.filter(({ startedAt }) => startedAt <= heldAfter);
  shown.sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
  return { rows: [...shown, ...rows], held: fresh.length - shown.length };
}
