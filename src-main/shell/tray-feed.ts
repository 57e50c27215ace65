import { type AdminClient, openAdminClient } from '../cli/admin-client.ts';
import type { GatewayLocation } from '../cli/gateway-location.ts';
import type { AdminEvent } from '../contract/admin-events.ts';
import type { CallSummary, Provider, Settings } from '../contract/entities.ts';
import type { TrayState } from './tray-menu.ts';

/** What the gateway knows of the tray's lines. */
export type TrayFacts = Pick<TrayState, 'today' | 'week' | 'models' | 'budget' | 'lastError' | 'recording'>;

export const noTrayFacts: TrayFacts = { today: null, week: null, models: [], budget: null, lastError: null, recording: null };

export interface TrayFeed {
  /** Ends with the gateway or with `close`. */
  readonly ended: Promise<void>;
  refresh(): void;
  close(): void;
}

/** Counts from the first event, so that the tray keeps up with calls that never pause; a menu that is replaced closes under the pointer. */
const soonMs = 400;
/** Counts from the last one: a call that has just ended reaches the roll-ups a moment later. */
const settledMs = 800;
const hourMs = 3_600_000;

/** Follows the gateway and reads anew whenever something has happened. */
export function openTrayFeed(
  location: GatewayLocation,
  onFacts: (facts: TrayFacts) => void,
  onEvent: (event: AdminEvent) => void,
): TrayFeed {
  const abort = new AbortController();
  let soon: ReturnType<typeof setTimeout> | null = null;
  let settled: ReturnType<typeof setTimeout> | null = null;
  let reading = false;
  let again = false;
  let client: AdminClient | null = null;

  async function read(): Promise<void> {
    if (client === null || abort.signal.aborted) return;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const facts = await readTrayFacts(client, Date.now());
      if (!abort.signal.aborted) onFacts(facts);
    } catch {
      // The next event or the supervisor tells more.
    } finally {
      reading = false;
    }
    if (again) {
      again = false;
      await read();
    }
  }

  function refresh(): void {
    soon ??= setTimeout(() => {
      soon = null;
      void read();
    }, soonMs);
    if (settled !== null) clearTimeout(settled);
    settled = setTimeout(() => void read(), settledMs);
  }

  async function follow(): Promise<void> {
    client = await openAdminClient(location);
    await client.follow(
      (event) => {
        onEvent(event);
        if (event.type !== 'call-started') refresh();
      },
      () => {
        void read();
        // What a killed gateway left in its journal comes into the ledger a moment after the start.
        refresh();
      },
      abort.signal,
    );
  }

  return {
    ended: follow().catch(() => {}),
    refresh,
    close() {
      abort.abort();
      for (const timer of [soon, settled]) if (timer !== null) clearTimeout(timer);
    },
  };
}

async function readTrayFacts(client: AdminClient, now: number): Promise<TrayFacts> {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const weekStart = new Date(midnight);
  weekStart.setDate(weekStart.getDate() - 6);
  // One connection: the answers come one after the other.
  const today = await client.call('readSpend', { query: { from: midnight, groupBy: 'model' } });
  const week = await client.call('readSpend', { query: { from: weekStart.getTime(), groupBy: 'provider' } });
  const settings = await client.call('readSettings', {});
  const errors = await client.call('listCalls', { query: { from: now - hourMs, status: 'error', limit: 1 } });
  const { providers } = await client.call('readStatus', {});
  return {
    today: today.totals,
    week: week.totals,
    models: today.groups.map((group) => ({ ...group, name: group.key ?? 'no model' })),
    budget: settings.dailyBudgetNanoUsd === null ? null : { limitNanoUsd: settings.dailyBudgetNanoUsd },
    lastError: readLastError(errors.items[0], providers),
    recording: settings.recording,
  };
}

function readLastError(call: CallSummary | undefined, providers: readonly Provider[]): TrayFacts['lastError'] {
  if (call === undefined) return null;
  const provider = providers.find(({ id }) => id === call.provider)?.name ?? call.provider;
  return { callId: call.id, at: call.startedAt + (call.durationMs ?? 0), httpStatus: call.httpStatus, errorCode: call.errorCode, provider };
}

/** Off, or back to what it was before. */
export async function toggleRecording(location: GatewayLocation, before: Settings['recording']): Promise<Settings['recording']> {
  const client = await openAdminClient(location);
  const { recording } = await client.call('readSettings', {});
  const next = recording === 'off' ? before : 'off';
  return (await client.call('saveSettings', { body: { recording: next } })).recording;
}
