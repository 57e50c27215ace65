import type { CallSummary } from '../../contract/entities.ts';
import { renderCallId } from '../../domain/call-id.ts';
import { STATUS_OK, statusCodes } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import type { Page } from '../ledger-reader.ts';
import { readCallSummaries } from './call-summary.ts';
import { listScopedIds } from './list-scoped-ids.ts';
import type { CallsRequest } from './parse-calls-query.ts';
import { isEmptyFilter, renderScopeCondition, type SqlCondition } from './scope-filter.ts';
import { cutIntoWords, renderSearchExpression } from './search-words.ts';

/** One page of calls, newest first. */
export function listCalls(db: Sqlite, request: CallsRequest): Page<CallSummary> {
  const words = request.search === null ? null : cutIntoWords(db, request.search);
  const ids = words?.length === 0 ? [] : listCallIds(db, { ...request, words: words ?? [], limit: request.limit + 1 });
  const shown = ids.slice(0, request.limit);
  const last = shown.at(-1);
  return {
    items: readCallSummaries(db, shown),
    nextCursor: last !== undefined && ids.length > shown.length ? renderCallId(last) : null,
  };
}

interface IdsRequest extends CallsRequest {
  /** Must all occur; empty = no search. */
  words: readonly string[];
}

/** Walks the index of one filter, chosen here and not by SQLite's guess; the other filters are checked on the way. */
function listCallIds(db: Sqlite, request: IdsRequest): number[] {
  const { statusCode, errorCode, httpStatus, conversationKey, words, scope } = request;
  if (words.length > 0) return searchCallIds(db, request);
  if (conversationKey !== null) return walk(db, request, 'calls c INDEXED BY calls_conversation', 'c.id');
  if (statusCode !== null && statusCode !== STATUS_OK) return walk(db, request, 'calls c INDEXED BY calls_not_ok', 'c.id');
  if (statusCode === null && (errorCode !== null || (httpStatus ?? 0) >= 400)) return listFailedIds(db, request);
  if (isEmptyFilter(scope) || errorCode !== null || httpStatus !== null) return walk(db, request, 'calls c NOT INDEXED', 'c.id');
  return listScopedIds(db, request);
}

/** The index of calls that did not end well is in the order of their status. */
const failures = ['error', 'client_aborted', 'upstream_truncated', 'interrupted', 'blocked'] as const;

/** Only they have an error's code, or an HTTP status from 400 on. The newest of each status, merged. */
function listFailedIds(db: Sqlite, request: IdsRequest): number[] {
  const ids = failures.flatMap((status) => listCallIds(db, { ...request, statusCode: statusCodes.codeOf(status) }));
  return ids.sort((a, b) => b - a).slice(0, request.limit);
}

/**
 * Few calls that pass the other filters are looked up in the text index one by one. Else the newest calls with the
 * words are tried against the filters: where many pass, a page is soon full.
 */
function searchCallIds(db: Sqlite, request: IdsRequest): number[] {
  const { words, limit } = request;
  if (!isOnlySearch(request)) {
    const ids = listCallIds(db, { ...request, words: [], limit: FEW_CALLS });
    if (ids.length < FEW_CALLS) return keepWithWords(db, ids, words).slice(0, limit);
  }
  return walk(db, request, 'call_text CROSS JOIN calls c ON c.id = call_text.rowid', 'call_text.rowid');
}

/** A look-up takes some 2 µs. */
const FEW_CALLS = 2_000;

function isOnlySearch({ statusCode, errorCode, httpStatus, conversationKey, scope }: CallsRequest): boolean {
  return statusCode === null && errorCode === null && httpStatus === null && conversationKey === null && isEmptyFilter(scope);
}

function keepWithWords(db: Sqlite, ids: readonly number[], words: readonly string[]): number[] {
  return db
    .prepare<[string, string], number>(
      `SELECT wanted.value FROM json_each(?) AS wanted
       WHERE EXISTS (SELECT 1 FROM call_text WHERE call_text MATCH ? AND call_text.rowid = wanted.value) ORDER BY wanted.key`,
    )
    .pluck()
    .all(JSON.stringify(ids), renderSearchExpression(words));
}

function walk(db: Sqlite, request: IdsRequest, source: string, id: string): number[] {
  const conditions = [{ sql: `${id} >= ? AND ${id} < ?`, values: [request.firstId, request.endId] }, ...renderConditions(request)];
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return db
    .prepare<(string | number)[], number>(`SELECT ${id} FROM ${source} WHERE ${where} ORDER BY ${id} DESC LIMIT ?`)
    .pluck()
    .all(...conditions.flatMap(({ values }) => values), request.limit);
}

function renderConditions({ words, conversationKey, statusCode, errorCode, httpStatus, scope }: IdsRequest): SqlCondition[] {
  const conditions: SqlCondition[] = [];
  if (words.length > 0) conditions.push({ sql: 'call_text MATCH ?', values: [renderSearchExpression(words)] });
  if (conversationKey !== null) {
    conditions.push({ sql: 'c.conversation_id = (SELECT id FROM conversations WHERE key = ?)', values: [conversationKey] });
  }
  if (statusCode !== null) conditions.push(renderStatusCondition(statusCode));
  if (errorCode !== null) conditions.push({ sql: 'c.error_code = ?', values: [errorCode] });
  if (httpStatus !== null) conditions.push({ sql: 'c.http_status = ?', values: [httpStatus] });
  if (!isEmptyFilter(scope)) {
    const { sql, values } = renderScopeCondition(scope);
    conditions.push({ sql: `c.scope_id IN (SELECT s.id FROM scopes s WHERE ${sql})`, values });
  }
  return conditions;
}

/** The second half says nothing new, but it is the condition of the partial index `calls_not_ok`. */
function renderStatusCondition(code: number): SqlCondition {
  return { sql: code === STATUS_OK ? 'c.status = ?' : `c.status = ? AND c.status <> ${STATUS_OK}`, values: [code] };
}
