import type { Sqlite } from '../database.ts';
import { RecentNumbers } from './recent-numbers.ts';

/** Which call sent which messages, to find the call that a longer list of messages goes on from. */
export interface ConversationPrefixes {
  /** The last call that sent exactly these messages; undefined when none of the newest did. */
  find(prefix: number): number | undefined;
  /** `bodies.prefix` of the call has it too, in the same transaction. */
  remember(prefix: number, callId: number): void;
  /** Back to what the file says. */
  forget(): void;
}

/**
 * Kept in memory only, of the newest calls (weeks of a developer's): a table of them would be in the order of their hashes,
 * so that each call changed a page of its own. Read from the bodies when the first is asked for.
 */
export function createConversationPrefixes(db: Sqlite): ConversationPrefixes {
  const selectNewest = db.prepare<[number], { prefix: number | null; id: number }>(
    'SELECT prefix, call_id AS id FROM bodies ORDER BY call_id DESC LIMIT ?',
  );
  let recent: RecentNumbers | null = null;

  function known(): RecentNumbers {
    recent ??= load();
    return recent;
  }

  function load(): RecentNumbers {
    const loaded = new RecentNumbers();
    for (const { prefix, id } of selectNewest.iterate(RecentNumbers.LEAST)) {
      if (prefix !== null && loaded.get(prefix) === undefined) loaded.set(prefix, id);
    }
    return loaded;
  }

  return {
    find: (prefix) => known().get(prefix),
    remember: (prefix, callId) => known().set(prefix, callId),
    forget: () => {
      recent = null;
    },
  };
}
