import { STATUS_OK } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { renderScopeCondition, type ScopeFilter } from './scope-filter.ts';

interface ScopedRequest {
  limit: number;
  firstId: number;
  endId: number;
  scope: ScopeFilter;
  /** That of calls that ended well, or null for any. */
  statusCode: number | null;
}

interface ScopeHead {
  scope: number;
  /** The newest call of the scope in the range asked for. */
  head: number;
}

/**
 * The newest calls of every scope that passes the filter. A filter can stand for ten thousand scopes (a ticket number
 * as a tag), but a page of n calls can only come from the n scopes whose newest call is newest: one index seek per scope
 * finds those, and their calls are merged. So the cost does not depend on how rare a combination of filters is.
 */
export function listScopedIds(db: Sqlite, request: ScopedRequest): number[] {
  const { limit, firstId, endId } = request;
  const status = request.statusCode === null ? '' : ` AND c.status = ${STATUS_OK}`;
  const condition = renderScopeCondition(request.scope);

  const heads = db
    .prepare<(string | number)[], ScopeHead>(
      `SELECT scope, head FROM (
         SELECT s.id AS scope, (
           SELECT c.id FROM calls c INDEXED BY calls_scope WHERE c.scope_id = s.id AND c.id < ?${status} ORDER BY c.id DESC LIMIT 1
         ) AS head FROM scopes s WHERE ${condition.sql}
       ) WHERE head >= ? ORDER BY head DESC LIMIT ?`,
    )
    .all(endId, ...condition.values, firstId, limit);

  const selectIds = db
    .prepare<[number, number, number, number], number>(
      `SELECT c.id FROM calls c INDEXED BY calls_scope WHERE c.scope_id = ? AND c.id >= ? AND c.id < ?${status} ORDER BY c.id DESC LIMIT ?`,
    )
    .pluck();

  let ids: number[] = [];
  let floor = firstId;
  for (const { scope, head } of heads) {
    if (head < floor) break;
    for (const id of selectIds.all(scope, floor, endId, limit)) ids.push(id);
    if (ids.length < 2 * limit) continue;
    ids = newestFirst(ids, limit);
    floor = ids.at(-1) ?? floor;
  }
  return newestFirst(ids, limit);
}

function newestFirst(ids: number[], limit: number): number[] {
  return ids.sort((a, b) => b - a).slice(0, limit);
}
