import type { CallsQuery } from '../../contract/admin-api.ts';
import { parseCallId } from '../../domain/call-id.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { OTHER_CODE, statusCodes } from '../codes.ts';
import { readIdRange } from './id-range.ts';
import { parseScopeFilter, type ScopeFilter } from './scope-filter.ts';

/** A checked list query, in the terms of the tables. */
export interface CallsRequest {
  limit: number;
  /** Ids from `firstId` (inclusive) to `endId` (exclusive). */
  firstId: number;
  endId: number;
  scope: ScopeFilter;
  statusCode: number | null;
  errorCode: string | null;
  httpStatus: number | null;
  conversationKey: string | null;
  /** A text whose words must all occur. */
  search: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const MAX_SEARCH_CHARS = 1_000;

/** @throws GatewayError invalid_request naming the parameter */
export function parseCallsQuery(query: CallsQuery): CallsRequest {
  const [firstId, endId] = readIdRange({ fromMs: query.from ?? null, toMs: query.to ?? null });
  return {
    limit: parseLimit(query.limit),
    firstId,
    endId: Math.min(parseCursor(query.cursor), endId),
    scope: parseScopeFilter(query),
    statusCode: query.status === undefined ? null : parseStatus(query.status),
    errorCode: query.errorCode ?? null,
    httpStatus: query.httpStatus ?? null,
    conversationKey: query.conversation ?? null,
    search: parseSearch(query.search),
  };
}

export function parseLimit(limit: number = DEFAULT_LIMIT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new GatewayError('invalid_request', `limit is a whole number from 1 to ${MAX_LIMIT}.`, { param: 'limit' });
}

/** A cursor is the id of the last item of the page before; without one, everything is before. */
export function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const id = parseCallId(cursor);
  if (id === null) throw new GatewayError('invalid_request', 'cursor is not one that a list gave.', { param: 'cursor' });
  return id;
}

function parseStatus(word: string): number {
  const code = statusCodes.codeOf(word);
  if (code === OTHER_CODE) throw new GatewayError('invalid_request', `There is no call status "${word}".`, { param: 'status' });
  return code;
}

/** null when there is nothing to search for. */
function parseSearch(text = ''): string | null {
  if (text.length <= MAX_SEARCH_CHARS) return text.trim() === '' ? null : text;
  throw new GatewayError('invalid_request', `Search for a text of at most ${MAX_SEARCH_CHARS} characters.`, { param: 'search' });
}
