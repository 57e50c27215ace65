import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallsQuery, SpendQuery } from '../../src-main/contract/admin-api.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { listCalls } from '../../src-main/store/reader/list-calls.ts';
import { listErrors } from '../../src-main/store/reader/list-errors.ts';
import { listTags } from '../../src-main/store/reader/list-tags.ts';
import { parseCallsQuery } from '../../src-main/store/reader/parse-calls-query.ts';
import { parseSpendQuery } from '../../src-main/store/reader/parse-spend-query.ts';
import { createCacheSavingsReader } from '../../src-main/store/reader/read-cache-savings.ts';
import { readLatency } from '../../src-main/store/reader/read-latency.ts';
import { readSpend } from '../../src-main/store/reader/read-spend.ts';
import { seedLedger } from '../support/seed-ledger.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const now = Date.UTC(2026, 10, 1);

/** The query plans of every statement that reading a seeded ledger prepares, but for the one that fetches rows by id. */
function explain(read: (db: Sqlite) => unknown): string[] {
  const path = join(makeTemporaryFolder(), 'traces.db');
  seedLedger(path, { calls: 3_000, days: 3, seed: 1, words: 3 });
  const db = openDatabase(path, { readonly: true, synchronous: 'NORMAL' });
  const statements: string[] = [];
  const prepare = (sql: string) => {
    statements.push(sql);
    return db.prepare(sql);
  };
  const recording = new Proxy(db, {
    get: (_, name) => {
      if (name === 'prepare') return prepare;
      const value: unknown = Reflect.get(db, name, db);
      return typeof value === 'function' ? value.bind(db) : value;
    },
  });
  read(recording);
  const queries = statements.filter((sql) => /^\s*(SELECT|WITH)/.test(sql) && !sql.includes('json_each'));
  const plans = queries.flatMap((sql) => {
    const values = Array(sql.split('?').length - 1).fill(null);
    return db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  });
  db.close();
  expect(plans.length).toBeGreaterThan(0);
  return plans.map(({ detail }) => detail);
}

const list = (query: CallsQuery) => explain((db) => expect(listCalls(db, parseCallsQuery(query)).items.length).toBeGreaterThan(0));
const spend = (query: SpendQuery) => {
  const from = Date.UTC(2026, 9, 29, 3, 20);
  return explain((db) => expect(readSpend(db, parseSpendQuery({ from, ...query }, Date.UTC(2026, 10, 1))).totals.calls).toBeGreaterThan(0));
};

describe('query plans', () => {
  it.each<[CallsQuery, RegExp]>([
    [{}, /SEARCH c USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
    [{ model: 'openai-model-1' }, /SEARCH c USING COVERING INDEX calls_scope \(scope_id=\? AND rowid<\?\)/],
    [{ caller: 'key_caller1', tag: ['env:prod', 'team'] }, /SEARCH c USING COVERING INDEX calls_scope/],
    [{ status: 'error' }, /SEARCH c USING COVERING INDEX calls_not_ok \(status=\? AND (row)?id>\? AND (row)?id<\?\)/],
    [{ status: 'error', provider: 'openai' }, /SEARCH c USING (COVERING )?INDEX calls_not_ok/],
    [{ errorCode: 'upstream_error' }, /SEARCH c USING (COVERING )?INDEX calls_not_ok/],
    [{ httpStatus: 502, model: 'openai-model-1' }, /SEARCH c USING (COVERING )?INDEX calls_not_ok/],
    [{ status: 'error', errorCode: 'upstream_error' }, /SEARCH c USING (COVERING )?INDEX calls_not_ok/],
    [{ httpStatus: 200 }, /SEARCH c USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
    [{ conversation: 'conv_3' }, /SEARCH c USING (COVERING )?INDEX calls_conversation/],
    [{ search: 'word1' }, /SCAN call_text VIRTUAL TABLE/],
  ])('a list by %j walks an index and neither sorts nor scans the calls', (query, wanted) => {
    const plans = list(query);
    expect(plans.join('\n')).toMatch(wanted);
    expect(plans.filter((plan) => /^SCAN c\b/.test(plan))).toEqual([]);
    // The heads of the scopes are sorted, nothing else.
    const sorts = plans.filter((plan) => plan.includes('TEMP B-TREE FOR ORDER BY'));
    expect(sorts.length).toBeLessThanOrEqual(plans.join().includes('calls_scope') ? 1 : 0);
  });

  it.each<SpendQuery>([
    {},
    { groupBy: 'day', timeZone: 'Asia/Kolkata' },
    { groupBy: 'caller' },
    { groupBy: 'tag:feature', tag: 'env:prod' },
    { groupBy: 'hour', caller: 'key_caller1' },
  ])('D5: spend by %j reads calls only for parts of hours', (query) => {
    const plans = spend(query);
    expect(plans.filter((plan) => /^SCAN (c|r|spend_\w+)\b/.test(plan))).toEqual([]);
    expect(plans.join('\n')).toMatch(/SEARCH c USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/);
  });

  it.each<[string, (db: Sqlite, query: SpendQuery) => unknown]>([
    ['latency', (db, query) => expect(readLatency(db, parseSpendQuery(query, now)).totals.calls).toBeGreaterThan(0)],
    ['errors', (db, query) => expect(listErrors(db, parseSpendQuery(query, now)).calls).toBeGreaterThan(0)],
    ['savings', (db, query) => expect(createCacheSavingsReader(db).read(parseSpendQuery(query, now)).totals.unknown).toBeGreaterThan(0)],
  ])('D5: %s of a range scan no table of calls', (_, read) => {
    const from = Date.UTC(2026, 9, 29, 3, 20);
    for (const query of [{ from }, { from, model: 'openai-model-1', groupBy: 'caller' }, { from, tag: 'env:prod', groupBy: 'tag:team' }]) {
      const plans = explain((db) => read(db, query));
      expect(plans.filter((plan) => /^SCAN (c|calls)\b/.test(plan))).toEqual([]);
    }
  });

  it('D5: tags are listed without a look at the calls', () => {
    expect(explain((db) => expect(listTags(db).length).toBeGreaterThan(0)).join('\n')).not.toMatch(/\b(calls|c)\b USING/);
  });
});
