import type { AdminEvent } from '../contract/admin-events.ts';
import type { EventHub } from './admin-services.ts';

const REMEMBERED_EVENTS = 1000;

/**
 * Ids count up without gaps from `firstId`. Start it at the current epoch ms: then ids of an earlier process are always
 * smaller, and a client that resumes after a restart sees that it missed something.
 */
export function createEventHub(firstId: number): EventHub {
  const remembered: { id: number; event: AdminEvent }[] = [];
  const listeners = new Set<(id: number, event: AdminEvent) => void>();
  let nextId = firstId;
  return {
    publish(event) {
      const id = nextId++;
      remembered.push({ id, event });
      if (remembered.length > REMEMBERED_EVENTS) remembered.shift();
      for (const listener of listeners) listener(id, event);
    },
    subscribe(listener, lastId) {
      if (lastId !== undefined) for (const { id, event } of remembered) if (id > lastId) listener(id, event);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
