import type { Sqlite } from '../database.ts';

/** Values of a key beyond these are found by typing, not by choosing from a list. */
const MAX_VALUES = 50;
/** Use is counted over the last days with calls: over a year of roll-ups it would cost as much as a dashboard. */
const COUNTED_DAYS = 30;

/** Keys by name, each with its most used values. From the roll-ups, never from the calls. */
export function listTags(db: Sqlite): { key: string; values: string[] }[] {
  const rows = db
    .prepare<[number, number], { key: string; value: string }>(
      `WITH scope_calls AS MATERIALIZED (
         SELECT scope_id, sum(calls) AS calls FROM spend_daily WHERE day > (SELECT max(day) FROM spend_daily) - ? GROUP BY scope_id
       ), tag_set_calls AS MATERIALIZED (
         SELECT s.tag_set_id, sum(u.calls) AS calls FROM scope_calls u JOIN scopes s ON s.id = u.scope_id GROUP BY s.tag_set_id
       ), value_calls AS (
         SELECT t.key, t.value, sum(coalesce(u.calls, 0)) AS calls
         FROM tag_set_tags t LEFT JOIN tag_set_calls u ON u.tag_set_id = t.tag_set_id GROUP BY t.key, t.value
       )
       SELECT key, value FROM (
         SELECT key, value, row_number() OVER (PARTITION BY key ORDER BY calls DESC, value) AS place FROM value_calls
       ) WHERE place <= ? ORDER BY key, place`,
    )
    .all(COUNTED_DAYS, MAX_VALUES);
  const valuesByKey = new Map<string, string[]>();
  for (const { key, value } of rows) {
    const values = valuesByKey.get(key);
    if (values === undefined) valuesByKey.set(key, [value]);
    else values.push(value);
  }
  return [...valuesByKey].map(([key, values]) => ({ key, values }));
}
