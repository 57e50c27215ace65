import type { Sqlite } from '../database.ts';
import type { SpendGrouping, SpendRequest } from './parse-spend-query.ts';
import { renderScopeCondition, renderTargetCondition } from './scope-filter.ts';

/** Calls made to the built-in demonstration, which costs nothing. */
export const DEMO_PROVIDER = 'demo';

/** Which roll-ups answer a report: those by target are far fewer, but know nothing of callers and tags. */
export type SpendSource = 'target' | 'scope';

export function resolveSource({ grouping, scope }: SpendRequest): SpendSource {
  const needsScope = grouping.by === 'caller' || grouping.by === 'tag' || scope.callerKeyId !== null || scope.tags.length > 0;
  return needsScope ? 'scope' : 'target';
}

/** Fills `temp.chosen` with the targets or scopes that pass the filter, each with the group it counts for. */
export function chooseRows(db: Sqlite, request: SpendRequest, source: SpendSource): void {
  const { grouping, scope, includeDemo } = request;
  const from = source === 'scope' ? 'scopes s JOIN targets t ON t.id = s.target_id LEFT JOIN callers k ON k.id = s.caller_id' : 'targets t';
  const filter = source === 'scope' ? renderScopeCondition(scope) : renderTargetCondition(scope);
  const where = `${filter.sql} AND (? OR t.provider <> ?)`;
  const values = [...filter.values, Number(includeDemo), DEMO_PROVIDER];

  db.exec('CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY, group_key TEXT); DELETE FROM temp.chosen');
  if (grouping.by === 'tag') {
    // From the tag to its scopes, the way there is an index for; scopes without the tag are left to the next statement.
    db.prepare(
      `INSERT INTO temp.chosen (id, group_key) SELECT s.id, g.value
       FROM tag_set_tags g CROSS JOIN scopes s ON s.tag_set_id = g.tag_set_id JOIN targets t ON t.id = s.target_id WHERE g.key = ? AND ${where}`,
    ).run(grouping.key, ...values);
  }
  const id = source === 'scope' ? 's.id' : 't.id';
  db.prepare(
    `INSERT OR IGNORE INTO temp.chosen (id, group_key) SELECT ${id}, ${groupExpressions[grouping.by]} FROM ${from} WHERE ${where}`,
  ).run(...values);
}

/** '' is how `targets` says that there was none. */
export const groupExpressions: Record<SpendGrouping['by'], string> = {
  model: "nullif(t.model, '')",
  target: "CASE WHEN t.model <> '' THEN t.provider || '/' || t.model END",
  provider: "nullif(t.provider, '')",
  caller: 'k.caller_key_id',
  tag: 'NULL',
  day: 'NULL',
  hour: 'NULL',
};
