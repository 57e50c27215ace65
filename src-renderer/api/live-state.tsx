import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import type { LiveEvents, LiveState } from './live-events.ts';

const LiveEventsContext = createContext<LiveEvents | null>(null);

export function LiveEventsProvider({ events, children }: { events: LiveEvents; children: ReactNode }): ReactNode {
  return <LiveEventsContext.Provider value={events}>{children}</LiveEventsContext.Provider>;
}

function useLiveEvents(): LiveEvents {
  const events = useContext(LiveEventsContext);
  if (events === null) throw new Error('No live events here.');
  return events;
}

/** Whether the gateway can be heard. */
export function useLiveState(): LiveState {
  const events = useLiveEvents();
  return useSyncExternalStore(events.watch, () => events.state);
}

/** Calls `listener` for every event while the component is shown; it must be stable or cheap to change. */
export function useLiveEvent(listener: (event: AdminEvent) => void): void {
  const events = useLiveEvents();
  useEffect(() => events.subscribe(listener), [events, listener]);
}
