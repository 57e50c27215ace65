import type { CallStart } from '../../domain/call.ts';
import { readCallTime } from '../../domain/call-id.ts';
import type { BlockReader } from '../blocks.ts';
import { type DetailPlace, readStoredDetail, renderStartDetail, type StoredDetail } from '../call-detail.ts';
import { conversionCodes, dialectCodes, endpointCodes, STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { InternedRows } from './interned-rows.ts';

/** A call that has started and not ended, as far as its row is concerned. */
export interface OpenCall {
  id: number;
  /** Code of the endpoint; decides whether its messages make a conversation. */
  endpoint: number;
  scopeId: number;
  targetId: number;
  conversationId: number | null;
  detail: StoredDetail;
  /** Values of `startColumns` while there is no row yet, else null. */
  newRow: readonly (number | string | null)[] | null;
}

/** Columns that are known at the start; `conversation_id` is not among them, bodies may bring it later. */
export const startColumns = [
  'id',
  'endpoint',
  'caller_dialect',
  'upstream_dialect',
  'conversion',
  'stream',
  'byok',
  'scope_id',
  'requested_model',
  'client_id',
  'request_bytes',
];

/** Bodies come within some tenths of a second after the end. */
const MAX_ENDED = 2_000;

export interface OpenCalls {
  /** The open call with this id, from memory or from its row; undefined when there is none. */
  find(id: number): OpenCall | undefined;
  /** Takes note of a new call; undefined when the call is known already. */
  add(start: CallStart): OpenCall | undefined;
  /** Not open any more; what is known of it is kept for a while. */
  remove(id: number): void;
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
    const call = { id, endpoint, scopeId, targetId, conversationId, detail: readStoredDetail(readBlock, row), newRow: null };
    calls.set(id, call);
    return call;
  }

  return {
    find: (id) => calls.get(id) ?? load(id),
    add: (start) => {
      // Ids grow, so only a record that came twice, or late, needs a look into the table.
      if (calls.has(start.id) || (start.id <= greatestId && select.get(start.id) !== undefined)) return undefined;
      greatestId = Math.max(greatestId, start.id);
      const call = createOpenCall(start, interned);
      calls.set(start.id, call);
      return call;
    },
    remove: (id) => {
      const call = calls.get(id);
      if (call === undefined) return;
      calls.delete(id);
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
export function inventStart(id: number): CallStart {
  return {
    id,
    startedAt: readCallTime(id),
    endpoint: 'other',
    callerDialect: '',
    upstreamDialect: null,
    provider: null,
    requestedModel: '',
    model: null,
    conversion: 'unchanged',
    stream: false,
    callerKeyId: null,
    client: null,
    tags: {},
    conversationId: null,
    traceId: null,
    parentSpanId: null,
    requestBytes: 0,
    byok: false,
  };
}

function createOpenCall(start: CallStart, interned: InternedRows): OpenCall {
  const endpoint = endpointCodes.codeOf(start.endpoint);
  const targetId = interned.targetId(start.provider, start.model);
  const scopeId = interned.scopeId(start.tags, targetId, start.callerKeyId);
  const newRow = [
    start.id,
    endpoint,
    dialectCodes.codeOf(start.callerDialect),
    start.upstreamDialect === null ? null : dialectCodes.codeOf(start.upstreamDialect),
    conversionCodes.codeOf(start.conversion),
    Number(start.stream),
    Number(start.byok),
    scopeId,
    start.requestedModel === (start.model ?? '') ? null : start.requestedModel,
    interned.clientId(start.client),
    start.requestBytes,
  ];
  return { id: start.id, endpoint, scopeId, targetId, conversationId: null, detail: renderStartDetail(start), newRow };
}
