import { conversionCodes, endpointCodes, OTHER_CODE } from '../codes.ts';
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
export const newRowColumns = [...startColumns, 'requested_model', 'scope_id', 'client_id'];

/** A stand-in for the start of a call of which only the end has come through. */
export function inventStart(id: number): StartRecord {
  const columns = [id, endpointCodes.codeOf('other'), OTHER_CODE, null, conversionCodes.codeOf('unchanged'), 0, 0, 0];
  const nothing = { provider: null, model: null, callerKeyId: null, client: null, requestedModel: null, conversationKey: null };
  return { columns, texts: { ...nothing, tags: {} }, detail: noDetail };
}

/** @throws TypeError when it has none */
export function readStartId({ columns: [id] }: StartRecord): number {
  if (id == null) throw new TypeError('a start without an id');
  return id;
}

export function createOpenCall(id: number, start: StartRecord, interned: InternedRows): OpenCall {
  const { columns, texts, detail } = start;
  const { targetId, scopeId, clientId } = interned.startIds(texts);
  return {
    id,
    endpoint: Number(columns[1]),
    scopeId,
    targetId,
    conversationId: null,
    detail: detail.start === detail.end ? '' : detail.bytes.toString('utf8', detail.start, detail.end),
    newRow: [...columns, texts.requestedModel, scopeId, clientId],
  };
}
