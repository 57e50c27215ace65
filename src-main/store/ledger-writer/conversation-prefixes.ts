import { STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { createRowInserter } from '../row-inserter.ts';

/** Which call sent which messages, to find the call that a longer list of messages goes on from. */
export interface ConversationPrefixes {
  /** The last call that sent exactly these messages; undefined when none did. */
  find(prefix: number): number | undefined;
  /** `bodies.prefix` of the call has it too, in the same transaction. */
  remember(prefix: number, callId: number): void;
  /** Writes what is remembered if it is much. Inside the caller's transaction, after whose rollback `forget` is due. */
  writeMany(): void;
  /** Writes what is remembered, in a transaction of its own; what fails to be committed stays remembered. */
  writeAll(): void;
  /** Back to what the file says. */
  forget(): void;
}

const MAX_REMEMBERED = 10_000;
/** Then they are learned anew. */
const MAX_UNKNOWN = 10_000;

export function createConversationPrefixes(db: Sqlite): ConversationPrefixes {
  const select = db.prepare<[number], number>('SELECT call_id FROM conversation_prefixes WHERE prefix = ?').pluck();
  const rows = createRowInserter(
    db,
    'conversation_prefixes',
    ['prefix', 'call_id'],
    'ON CONFLICT DO UPDATE SET call_id = excluded.call_id',
  );
  const selectRest = db.prepare<[], { prefix: number; id: number }>(
    `SELECT prefix, call_id AS id FROM bodies
     WHERE call_id > (SELECT value FROM meta WHERE key = 'prefixes_through') AND prefix IS NOT NULL ORDER BY call_id`,
  );
  // The bodies of a call that is still running come later, and its id lies before others.
  const setThrough = db.prepare(
    `UPDATE meta SET value = coalesce((SELECT min(id) - 1 FROM calls WHERE status <> 1 AND status = ${STATUS_STARTED}), (SELECT max(id) FROM calls), 0)
     WHERE key = 'prefixes_through'`,
  );
  const remembered = new Map<number, number>();
  /** Beginnings nobody has sent as a whole, such as a system prompt: each call of the same program begins with them. */
  const unknown = new Set<number>();

  function write(): void {
    for (const [prefix, callId] of [...remembered].sort(([a], [b]) => a - b)) rows.add(prefix, callId);
    rows.write();
    setThrough.run();
  }

  function forget(): void {
    unknown.clear();
    remembered.clear();
    rows.forget();
    for (const { prefix, id } of selectRest.iterate()) remembered.set(prefix, id);
  }

  forget();
  return {
    find: (prefix) => {
      const known = remembered.get(prefix);
      if (known !== undefined || unknown.has(prefix)) return known;
      const found = select.get(prefix);
      if (found !== undefined) return found;
      if (unknown.size >= MAX_UNKNOWN) unknown.clear();
      unknown.add(prefix);
      return undefined;
    },
    remember: (prefix, callId) => {
      remembered.set(prefix, callId);
      unknown.delete(prefix);
    },
    writeMany: () => {
      if (remembered.size < MAX_REMEMBERED) return;
      write();
      remembered.clear();
    },
    writeAll: () => {
      if (remembered.size === 0) return;
      db.transaction(write).immediate();
      remembered.clear();
    },
    forget,
  };
}
