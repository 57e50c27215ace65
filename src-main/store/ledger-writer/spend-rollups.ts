import type { Sqlite, Statement } from '../database.ts';

/** What one ended call adds to the sums. */
export interface SpendShare {
  hour: number;
  scopeId: number;
  targetId: number;
  failed: boolean;
  unpriced: boolean;
  estimated: boolean;
  /** Everything that was neither read from nor written to a cache: text, audio and images. */
  inputUncached: number;
  inputCacheRead: number;
  inputCacheWrite: number;
  /** Without reasoning. */
  output: number;
  outputReasoning: number;
  costNano: number;
  durationMs: number;
}

/** Sums of a batch, added to the tables at its end. */
interface SpendRollups {
  add(share: SpendShare): void;
  /** Inside the caller's transaction. */
  write(): void;
  forget(): void;
}

const sumColumns = [
  'calls',
  'failed',
  'unpriced',
  'estimated',
  'input_uncached',
  'input_cache_read',
  'input_cache_write',
  'output',
  'output_reasoning',
  'cost_nano',
  'duration_ms',
];

interface Sums {
  targetId: number;
  /** In the order of `sumColumns`. */
  values: number[];
}

export function createSpendRollups(db: Sqlite): SpendRollups {
  const byHour = prepareAddition(db, 'spend_hourly', ['hour', 'scope_id']);
  const byDay = prepareAddition(db, 'spend_daily', ['day', 'scope_id']);
  const byTarget = prepareAddition(db, 'spend_target_hourly', ['hour', 'target_id']);
  /** By scope and hour, which say the day and the target too. */
  const sums = new Map<number, Map<number, Sums>>();
  return {
    add: (share) => {
      const hours = sums.get(share.scopeId);
      const known = hours?.get(share.hour);
      if (known !== undefined) addTo(known.values, share);
      else {
        const values = sumColumns.map(() => 0);
        addTo(values, share);
        sums.set(share.scopeId, (hours ?? new Map<number, Sums>()).set(share.hour, { targetId: share.targetId, values }));
      }
    },
    write: () => {
      for (const [scopeId, hours] of sums) {
        for (const [hour, { targetId, values }] of hours) {
          byHour.run(hour, scopeId, ...values);
          byDay.run(Math.floor(hour / 24), scopeId, ...values);
          byTarget.run(hour, targetId, ...values);
        }
      }
      sums.clear();
    },
    forget: () => sums.clear(),
  };
}

function prepareAddition(db: Sqlite, table: string, keyColumns: readonly string[]): Statement {
  const columns = [...keyColumns, ...sumColumns];
  return db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${sumColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`,
  );
}

/** @param values in the order of `sumColumns` */
function addTo(values: number[], share: SpendShare): void {
  let index = 0;
  const add = (value: number): void => {
    values[index] = (values[index] ?? 0) + value;
    index++;
  };
  add(1);
  add(Number(share.failed));
  add(Number(share.unpriced));
  add(Number(share.estimated));
  add(share.inputUncached);
  add(share.inputCacheRead);
  add(share.inputCacheWrite);
  add(share.output);
  add(share.outputReasoning);
  add(share.costNano);
  add(share.durationMs);
}
