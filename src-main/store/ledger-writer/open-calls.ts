import type { BlockReader } from '../blocks.ts';
import { readDetailText } from '../call-detail.ts';
import { STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { StartRecord } from '../journal/records.ts';
import type { CallRows } from './call-rows.ts';
import type { InternedRows } from './interned-rows.ts';
import { createOpenCall, type OpenCall, readStartId } from './open-call.ts';

/** Bodies that do not come with the end come within some tenths of a second. */
const MAX_ENDED = 2_000;

export interface OpenCalls {
  /** The open call with this id, from memory or from its row; undefined when there is none. */
  find(id: number): OpenCall | undefined;
  /** All that have not ended, and were begun or asked for here. */
  open(): Iterable<OpenCall>;
  /** Takes note of a new call; undefined when the call is known already. */
  add(start: StartRecord): OpenCall | undefined;
  /** Not open any more. @param awaitsBodies what is known of it is kept for a while: what lives long costs the collector more than a look into the table */
  remove(id: number, awaitsBodies: boolean): void;
  /** The call, open or ended not long ago, from memory; undefined when it is neither. */
  recall(id: number): OpenCall | undefined;
  /** After a rollback: everything comes from the rows again. */
  forget(): void;
}

export function createOpenCalls(db: Sqlite, rows: CallRows, interned: InternedRows, readBlock: BlockReader): OpenCalls {
  const selectTarget = db.prepare<[number], number>('SELECT target_id FROM scopes WHERE id = ?').pluck();
  const selectGreatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM calls');
  const calls = new Map<number, OpenCall>();
  /** Their bodies are still to come. */
  const ended = new Map<number, OpenCall>();
  let greatestId = selectGreatest.get()?.id ?? 0;

  function load(id: number): OpenCall | undefined {
    const row = rows.read(id);
    if (row === undefined || row.status !== STATUS_STARTED) return undefined;
    const { endpoint, scope_id: scopeId, conversation_id: conversationId } = row;
    const targetId = selectTarget.get(scopeId);
    if (targetId === undefined) return undefined;
    const call = { id, endpoint, scopeId, targetId, conversationId, detail: readDetailText(readBlock, row), newRow: null };
    calls.set(id, call);
    return call;
  }

  return {
    find: (id) => calls.get(id) ?? load(id),
    open: () => calls.values(),
    add: (start) => {
      // Ids grow, so only a record that came twice, or late, needs a look into the table.
      const id = readStartId(start);
      if (calls.has(id) || (id <= greatestId && rows.read(id) !== undefined)) return undefined;
      greatestId = Math.max(greatestId, id);
      const call = createOpenCall(id, start, interned);
      calls.set(id, call);
      return call;
    },
    remove: (id, awaitsBodies) => {
      const call = calls.get(id);
      calls.delete(id);
      if (call === undefined || !awaitsBodies) return;
      if (ended.size >= MAX_ENDED) ended.clear();
      ended.set(id, call);
    },
    recall: (id) => calls.get(id) ?? ended.get(id),
    forget: () => {
      calls.clear();
      ended.clear();
      greatestId = selectGreatest.get()?.id ?? 0;
    },
  };
}
