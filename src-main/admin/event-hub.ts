import type { AdminEvent } from '../contract/admin-events.ts';
import type { EventHub } from './admin-services.ts';

const REMEMBERED_EVENTS = 1000;
/** A page that lost its connection is back within this time, or asks for everything anew. */
const REMEMBERED_MS = 60_000;

/**
 * Ids count up without gaps from `firstId`. Start it at the current epoch ms: then ids of an earlier process are always
 * smaller, and a client that resumes after a restart sees that it missed something. While nobody looks, or has just
 * looked, events are counted and nothing else: calls come by the thousand, viewers do not.
 */
export function createEventHub(firstId: number, clock: () => number): EventHub {
  const remembered: { id: number; event: AdminEvent }[] = [];
  const listeners = new Set<(id: number, event: AdminEvent) => void>();
  let nextId = firstId;
  let rememberUntil = 0;

  function isWatched(): boolean {
    if (listeners.size > 0 || (rememberUntil > 0 && clock() < rememberUntil)) return true;
    remembered.length = 0;
    rememberUntil = 0;
    return false;
  }

  return {
    publish(describe) {
      const id = nextId++;
      if (!isWatched()) return;
      const event = describe();
      remembered.push({ id, event });
      if (remembered.length > REMEMBERED_EVENTS) remembered.shift();
      for (const listener of listeners) listener(id, event);
    },
    subscribe(listener, lastId) {
      if (lastId !== undefined) for (const { id, event } of remembered) if (id > lastId) listener(id, event);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        rememberUntil = clock() + REMEMBERED_MS;
      };
    },
    get lastId() {
      return nextId - 1;
    },
  };
}
