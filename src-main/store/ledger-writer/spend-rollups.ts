import type { Sqlite } from '../database.ts';

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
  key: number[];
  values: number[];
}

export function createSpendRollups(db: Sqlite): SpendRollups {
  const byHour = rollup(db, 'spend_hourly', ['hour', 'scope_id']);
  const byDay = rollup(db, 'spend_daily', ['day', 'scope_id']);
  const byTarget = rollup(db, 'spend_target_hourly', ['hour', 'target_id']);
  return {
    add: (share) => {
      const values = readValues(share);
      byHour.add([share.hour, share.scopeId], values);
      byDay.add([Math.floor(share.hour / 24), share.scopeId], values);
      byTarget.add([share.hour, share.targetId], values);
    },
    write: () => {
      for (const table of [byHour, byDay, byTarget]) table.write();
    },
    forget: () => {
      for (const table of [byHour, byDay, byTarget]) table.forget();
    },
  };
}

function rollup(db: Sqlite, table: string, keyColumns: readonly string[]) {
  const columns = [...keyColumns, ...sumColumns];
  const upsert = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${sumColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`,
  );
  const sums = new Map<string, Sums>();
  return {
    add: (key: number[], values: readonly number[]) => {
      const name = key.join(' ');
      const known = sums.get(name);
      if (known === undefined) sums.set(name, { key, values: [...values] });
      else for (const [index, value] of values.entries()) known.values[index] = (known.values[index] ?? 0) + value;
    },
    write: () => {
      for (const { key, values } of sums.values()) upsert.run(...key, ...values);
      sums.clear();
    },
    forget: () => sums.clear(),
  };
}

/** In the order of `sumColumns`. */
function readValues(share: SpendShare): number[] {
  return [
    1,
    Number(share.failed),
    Number(share.unpriced),
    Number(share.estimated),
    share.inputUncached,
    share.inputCacheRead,
    share.inputCacheWrite,
    share.output,
    share.outputReasoning,
    share.costNano,
    share.durationMs,
  ];
}
