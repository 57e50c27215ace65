import type { BlockReader } from '../blocks.ts';
import { type DetailPlace, readDetailText } from '../call-detail.ts';
import { conversionCodes, endpointCodes, OTHER_CODE, STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { type ColumnValue, type StartRecord, startColumns } from '../journal/records.ts';
import { noDetail } from './detail-blocks.ts';
import type { InternedRows } from './interned-rows.ts';

/** A call that has started and not ended, as far as its row is concerned. */
export interface OpenCall {
  id: number;
  /** Code of the endpoint; decides whether its messages make a conversation. */
  endpoint: number;
  scopeId: number;
  targetId: number;
  conversationId: number | null;
  /** JSON of what the start told besides; "" if nothing. */
  detail: string;
  /** Values of `newRowColumns` while there is no row yet, else null. */
  newRow: readonly ColumnValue[] | null;
}

/** Columns that are known at the start; `conversation_id` is not among them, bodies may bring it later. */
export const newRowColumns = [...startColumns, 'scope_id', 'client_id'];

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

interface StartedRow extends DetailPlace {
  endpoint: number;
  scope_id: number;
  target_id: number;
  conversation_id: number | null;
  status: number;
}

export function createOpenCalls(db: Sqlite, interned: InternedRows, readBlock: BlockReader): OpenCalls {
  const select = db.prepare<[number], StartedRow>(
    `SELECT endpoint, scope_id, target_id, conversation_id, status, detail_block, detail_offset, detail_length
     FROM calls JOIN scopes ON scopes.id = scope_id WHERE calls.id = ?`,
  );
  const selectGreatest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM calls');
  const calls = new Map<number, OpenCall>();
  /** Their bodies are still to come. */
  const ended = new Map<number, OpenCall>();
  let greatestId = selectGreatest.get()?.id ?? 0;

  function load(id: number): OpenCall | undefined {
    const row = select.get(id);
    if (row === undefined || row.status !== STATUS_STARTED) return undefined;
    const { endpoint, scope_id: scopeId, target_id: targetId, conversation_id: conversationId } = row;
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
      if (calls.has(id) || (id <= greatestId && select.get(id) !== undefined)) return undefined;
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

/** A stand-in for the start of a call of which only the end has come through. */
export function inventStart(id: number): StartRecord {
  const columns = [id, endpointCodes.codeOf('other'), OTHER_CODE, null, conversionCodes.codeOf('unchanged'), 0, 0, null, 0];
  return { columns, provider: null, model: null, callerKeyId: null, tags: '{}', client: null, conversationKey: null, detail: noDetail };
}

function readStartId({ columns: [id] }: StartRecord): number {
  if (typeof id !== 'number') throw new TypeError('a start without an id');
  return id;
}

function createOpenCall(id: number, start: StartRecord, interned: InternedRows): OpenCall {
  const { columns, detail } = start;
  const targetId = interned.targetId(start.provider, start.model);
  const scopeId = interned.scopeId(start.tags, targetId, start.callerKeyId);
  return {
    id,
    endpoint: Number(columns[1]),
    scopeId,
    targetId,
    conversationId: null,
    detail: detail.start === detail.end ? '' : detail.bytes.toString('utf8', detail.start, detail.end),
    newRow: [...columns, scopeId, interned.clientId(start.client)],
  };
}
