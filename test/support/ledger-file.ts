import { join } from 'node:path';
import { statusCodes, USAGE_REPORTED } from '../../src-main/store/codes.ts';
import { openDatabase } from '../../src-main/store/database.ts';

export interface LedgerRow {
  readonly id: number;
  readonly status: string;
  readonly hasUsage: boolean;
  readonly costNanoUsd: number | null;
}

export interface LedgerFile {
  readonly rows: ReadonlyMap<number, LedgerRow>;
  /** Contradictions: damage, sums that are not the sum of their rows, rows still open. */
  readonly problems: string[];
}

/** Reads traces.db itself, beside or after the gateway that owns it. */
export function readLedgerFile(dataDir: string): LedgerFile {
  const db = openDatabase(join(dataDir, 'traces.db'), { readonly: true, synchronous: 'NORMAL' });
  try {
    const rows = db
      .prepare<[], { id: number; status: number; usage_flags: number; cost_nano: number | null }>(
        'SELECT id, status, usage_flags, cost_nano FROM calls',
      )
      .all();
    const problems: string[] = [];
    const check = (what: string, actual: unknown, expected: unknown): void => {
      if (actual !== expected) problems.push(`${what}: ${actual}, not ${expected}`);
    };
    check('quick_check', db.pragma('quick_check', { simple: true }), 'ok');
    check('rows still open', rows.filter(({ status }) => status === statusCodes.codeOf('started')).length, 0);
    const cost = rows.reduce((sum, row) => sum + (row.cost_nano ?? 0), 0);
    const failed = rows.filter(({ status }) => status !== statusCodes.codeOf('ok')).length;
    for (const table of ['spend_hourly', 'spend_daily', 'spend_target_hourly']) {
      const sums = db
        .prepare<[], { calls: number; failed: number; cost: number }>(
          `SELECT coalesce(sum(calls), 0) AS calls, coalesce(sum(failed), 0) AS failed, coalesce(sum(cost_nano), 0) AS cost FROM ${table}`,
        )
        .get();
      check(`calls in ${table}`, sums?.calls, rows.length);
      check(`failed calls in ${table}`, sums?.failed, failed);
      check(`cost in ${table}`, sums?.cost, cost);
    }
    return { rows: new Map(rows.map((row) => [row.id, describe(row)])), problems };
  } finally {
    db.close();
  }
}

function describe(row: { id: number; status: number; usage_flags: number; cost_nano: number | null }): LedgerRow {
  const status = statusCodes.wordOf(row.status) ?? 'unknown';
  return { id: row.id, status, hasUsage: (row.usage_flags & USAGE_REPORTED) !== 0, costNanoUsd: row.cost_nano };
}
