import type { SpendTotals } from '../../contract/entities.ts';
import { firstCallIdAt } from '../../domain/call-id.ts';
import type { Sqlite } from '../database.ts';
import type { SpendSource } from './chosen-rows.ts';
import type { Slice } from './spend-spans.ts';
import { callSums, endedCalls, reportSums, rollupSums } from './spend-sums.ts';

type GroupSums = SpendTotals & { group_key: string | null };

export interface SliceReader {
  /** Whether slices of whole days can be read. */
  hasDays: boolean;
  /** Sums of a slice per group of `temp.chosen`. */
  read(slice: Slice): GroupSums[];
}

/**
 * @param isByTime the slices are the groups, so those of `temp.chosen` do not matter. Then days are not offered: their
 *   table is in the order of scopes, and to look up each scope once a day costs more than to run through the hours.
 */
export function createSliceReader(db: Sqlite, source: SpendSource, isByTime: boolean): SliceReader {
  const prepare = (sums: string) => db.prepare<[number, number], GroupSums>(renderGroupSums(sums, isByTime));
  const hours = prepare(source === 'scope' ? scanHours(isByTime) : seekRollup('spend_target_hourly', 'target_id', 'hour', isByTime));
  const days = source === 'scope' && !isByTime ? prepare(seekRollup('spend_daily', 'scope_id', 'day', isByTime)) : null;
  const calls = prepare(scanCalls(source, isByTime));
  const readCalls = new Map<string, GroupSums[]>();

  return {
    hasDays: days !== null,
    read: ({ unit, first, end }) => {
      if (unit !== 'call') return (unit === 'day' && days !== null ? days : hours).all(first, end);
      const key = `${first} ${end}`;
      const known = readCalls.get(key) ?? calls.all(firstCallIdAt(first), firstCallIdAt(end));
      readCalls.set(key, known);
      return known;
    },
  };
}

/** SQLite groups by sorting, so the sums come per row of `chosen` first: sorting those few by group costs least. */
function renderGroupSums(sums: string, isByTime: boolean): string {
  if (isByTime) return `SELECT NULL AS group_key, ${reportSums} FROM (${sums})`;
  return `SELECT g.group_key, ${reportSums} FROM (${sums}) AS part CROSS JOIN temp.chosen g ON g.id = part.chosen_id GROUP BY g.group_key`;
}

/** For a table in the order of what is chosen: one seek each, and the order is that of the groups. */
function seekRollup(table: string, id: string, unit: string, isByTime: boolean): string {
  return (
    `SELECT w.id AS chosen_id, ${rollupSums} FROM temp.chosen w CROSS JOIN ${table} r ON r.${id} = w.id AND r.${unit} >= ? AND r.${unit} < ?` +
    (isByTime ? '' : ' GROUP BY w.id')
  );
}

/** For the table in the order of time. */
function scanHours(isByTime: boolean): string {
  return (
    `SELECT scope_id AS chosen_id, ${rollupSums} FROM spend_hourly WHERE hour >= ? AND hour < ? AND scope_id IN (SELECT id FROM temp.chosen)` +
    (isByTime ? '' : ' GROUP BY scope_id')
  );
}

function scanCalls(source: SpendSource, isByTime: boolean): string {
  const id = source === 'scope' ? 'c.scope_id' : 's.target_id';
  return (
    `SELECT ${id} AS chosen_id, ${callSums} FROM calls c NOT INDEXED CROSS JOIN scopes s ON s.id = c.scope_id ` +
    `WHERE c.id >= ? AND c.id < ? AND ${endedCalls} AND ${id} IN (SELECT id FROM temp.chosen)` +
    (isByTime ? '' : ` GROUP BY ${id}`)
  );
}
