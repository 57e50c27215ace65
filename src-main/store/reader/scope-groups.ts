import type { Sqlite } from '../database.ts';
import { DEMO_PROVIDER, groupExpressions } from './chosen-rows.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { renderScopeCondition } from './scope-filter.ts';

interface ScopeRow {
  id: number;
  tag_set_id: number;
  group_key: string | null;
}

/** The scopes that pass the filter, each with the group it counts for. For sums that are made of calls, not of roll-ups. */
export function readScopeGroups(db: Sqlite, request: Pick<SpendRequest, 'grouping' | 'scope' | 'includeDemo'>): Map<number, string | null> {
  const { grouping, scope, includeDemo } = request;
  const filter = renderScopeCondition(scope);
  const rows = db
    .prepare<(string | number)[], ScopeRow>(
      `SELECT s.id, s.tag_set_id, ${groupExpressions[grouping.by]} AS group_key
       FROM scopes s JOIN targets t ON t.id = s.target_id LEFT JOIN callers k ON k.id = s.caller_id
       WHERE ${filter.sql} AND (? OR t.provider <> ?)`,
    )
    .all(...filter.values, Number(includeDemo), DEMO_PROVIDER);
  if (grouping.by !== 'tag') return new Map(rows.map(({ id, group_key }) => [id, group_key]));
  const values = readTagValues(db, grouping.key);
  return new Map(rows.map(({ id, tag_set_id }) => [id, values.get(tag_set_id) ?? null]));
}

function readTagValues(db: Sqlite, key: string): Map<number, string> {
  const rows = db
    .prepare<[string], { tag_set_id: number; value: string }>('SELECT tag_set_id, value FROM tag_set_tags WHERE key = ?')
    .all(key);
  return new Map(rows.map(({ tag_set_id, value }) => [tag_set_id, value]));
}
