import { copyFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCallTime } from '../../src-main/domain/call-id.ts';
import { emptyUsage } from '../../src-main/domain/token-usage.ts';
import { createBlockReader } from '../../src-main/store/blocks.ts';
import { readStoredDetail, type StoredDetail } from '../../src-main/store/call-detail.ts';
import { conversionCodes, dialectCodes, endpointCodes, statusCodes, USAGE_REPORTED, usageFlagBits } from '../../src-main/store/codes.ts';
import type { Sqlite } from '../../src-main/store/database.ts';
import { segmentPath } from '../../src-main/store/journal/segments.ts';
import { journaledEnd, journaledStart } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeDataDir, makeIds, openTestStore, readTraces, startLedger } from './ledger-support.ts';

interface Row extends Record<string, unknown> {
  detail_block: number | null;
  detail_offset: number | null;
  detail_length: number | null;
}

function readRow(db: Sqlite, id: number): Row | undefined {
  return db.prepare<[number], Row>('SELECT * FROM calls WHERE id = ?').get(id);
}

function readDetail(db: Sqlite, id: number): StoredDetail {
  const row = readRow(db, id);
  if (row === undefined) throw new Error('no such call');
  return readStoredDetail(createBlockReader(db, 0), row);
}

function countByStatus(db: Sqlite): Record<string, number> {
  const rows = db.prepare<[], { status: number; n: number }>('SELECT status, count(*) AS n FROM calls GROUP BY status').all();
  return Object.fromEntries(rows.map(({ status, n }) => [statusCodes.wordOf(status), n]));
}

function readSums(db: Sqlite, table: string): unknown {
  return db
    .prepare(
      `SELECT sum(calls) AS calls, sum(failed) AS failed, sum(unpriced) AS unpriced, sum(estimated) AS estimated, sum(input_uncached) AS input,
       sum(output) AS output, sum(cost_nano) AS cost, sum(duration_ms) AS duration FROM ${table}`,
    )
    .get();
}

describe('ledger', () => {
  it('says of a request that was sent again in another form how it was sent at last', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir);
    const nextId = makeIds();
    const [early, late, once] = [nextId(), nextId(), nextId()];
    ledger.recordStart(makeStart(early, { conversion: 'patched' }));
    await ledger.flush();
    ledger.recordEnd(makeEnd(early, { conversion: 'unchanged' }));
    ledger.recordStart(makeStart(late, { conversion: 'patched' }));
    ledger.recordEnd(makeEnd(late, { conversion: 'unchanged' }));
    ledger.recordStart(makeStart(once, { conversion: 'patched' }));
    ledger.recordEnd(makeEnd(once));
    await ledger.close();
    const codes = readTraces(dataDir, (db) => [early, late, once].map((id) => readRow(db, id)?.['conversion']));
    expect(codes.map((code) => conversionCodes.wordOf(Number(code)))).toEqual(['unchanged', 'unchanged', 'patched']);
  });

  it('keeps a call as it was recorded, in columns, interned rows and detail', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir);
    const id = makeIds()();
    const start = makeStart(id, {
      requestedModel: 'alias',
      stream: true,
      byok: true,
      traceId: 'a'.repeat(32),
      parentSpanId: 'b'.repeat(16),
    });
    const end = makeEnd(id, {
      usage: { ...emptyUsage({ total: 9 }), inputCacheWrite1h: 3, outputReasoning: 4, serviceTier: 'flex', flags: ['usage_partial'] },
      losses: [{ path: 'logit_bias', reason: 'unknown there' }],
      error: { code: 'upstream_error', message: 'broke', providerType: 'server_error', providerCode: null },
      status: 'error',
    });
    ledger.recordStart(start);
    ledger.recordEnd(end);
    await ledger.flush();

    readTraces(dataDir, (db) => {
      expect(readRow(db, id)).toMatchObject({
        status: statusCodes.codeOf('error'),
        http_status: 200,
        endpoint: endpointCodes.codeOf('chat'),
        caller_dialect: dialectCodes.codeOf('openai-chat'),
        stream: 1,
        byok: 1,
        requested_model: 'alias',
        duration_ms: 812,
        first_byte_ms: 211,
        input_uncached: null,
        input_cache_write_1h: 3,
        output_reasoning: 4,
        usage_flags: USAGE_REPORTED | usageFlagBits.usage_partial,
        cost_nano: 1_000,
        error_code: 'upstream_error',
      });
      expect(readDetail(db, id)).toEqual({
        traceId: start.traceId,
        parentSpanId: start.parentSpanId,
        servedModel: end.servedModel,
        responseId: end.responseId,
        finishReason: 'stop',
        serviceTier: 'flex',
        rawUsage: { total: 9 },
        losses: end.losses,
        error: { message: 'broke', providerType: 'server_error', providerCode: null },
        attempts: end.attempts,
      });
      const scope = db
        .prepare(
          `SELECT provider, model, caller_key_id, canonical FROM calls JOIN scopes s ON s.id = scope_id JOIN targets t ON t.id = s.target_id
           JOIN callers k ON k.id = s.caller_id JOIN tag_sets g ON g.id = s.tag_set_id`,
        )
        .get();
      expect(scope).toEqual({
        provider: 'openai',
        model: 'gpt-test',
        caller_key_id: 'key_1',
        canonical: '{"feature":"review","team":"ml-ops"}',
      });
    });
  });

  it('D3: stores repeating texts and price rows once', () => {
    const { db, applier } = openTestStore();
    const nextId = makeIds();
    const ids = Array.from({ length: 50 }, nextId);
    applier.apply({
      records: ids.flatMap((id) => [
        journaledStart(makeStart(id, { tags: id % 2 === 0 ? { a: '1', b: '2' } : { b: '2', a: '1' } })),
        journaledEnd(makeEnd(id)),
      ]),
      bodies: [],
      position: null,
    });
    for (const table of ['targets', 'callers', 'clients', 'tag_sets', 'price_rows', 'scopes']) {
      expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 1 });
    }
    expect(db.prepare('SELECT key, value FROM tag_set_tags ORDER BY key').all()).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
  });

  it('keeps words it has no code for, tags of any name, and a start time the clock had stepped back to', () => {
    const { db, applier } = openTestStore();
    const id = makeIds()();
    const tags = JSON.parse('{"__proto__":"x","10":"b","9":"a"}') as Record<string, string>;
    const start = makeStart(id, {
      callerDialect: 'cohere-chat',
      endpoint: 'rerank' as 'chat',
      upstreamDialect: null,
      tags,
      startedAt: 12_345,
    });
    applier.apply({
      records: [journaledStart(start), journaledEnd(makeEnd(id))],
      bodies: [],
      position: null,
    });
    expect(readRow(db, id)).toMatchObject({ caller_dialect: 0, endpoint: 0, upstream_dialect: null });
    expect(readDetail(db, id)).toMatchObject({ startedAt: 12_345, texts: { callerDialect: 'cohere-chat', endpoint: 'rerank' } });
    expect(db.prepare('SELECT canonical FROM tag_sets').pluck().get()).toBe('{"10":"b","9":"a","__proto__":"x"}');
  });

  it('D2: shortens an error message that holds a whole file', () => {
    const { db, applier } = openTestStore();
    const id = makeIds()();
    const message = `failed: ${'A'.repeat(3_000_000)}`;
    const end = makeEnd(id, { status: 'error', error: { code: 'upstream_error', message, providerType: null, providerCode: null } });
    applier.apply({
      records: [journaledStart(makeStart(id)), journaledEnd(end)],
      bodies: [],
      position: null,
    });
    const stored = readDetail(db, id).error?.message;
    expect(stored).toMatch(/^failed: A+… \(3000008 characters\)$/);
    expect(stored?.length).toBeLessThan(9_000);
  });

  it('records an end whose start was lost', () => {
    const { db, applier } = openTestStore();
    const id = makeIds()();
    applier.apply({ records: [journaledEnd(makeEnd(id))], bodies: [], position: null });
    expect(readRow(db, id)).toMatchObject({ status: statusCodes.codeOf('ok'), endpoint: endpointCodes.codeOf('other'), cost_nano: 1_000 });
  });
});

describe('sums', () => {
  it('count every ended call once, in all three tables, and running ones not at all', () => {
    const { db, applier } = openTestStore();
    const nextId = makeIds();
    const ends = [
      makeEnd(nextId()),
      makeEnd(nextId(), { costNanoUsd: null, costSource: 'unknown' }),
      makeEnd(nextId(), { status: 'error', usage: null, costNanoUsd: null, costSource: 'unknown' }),
      makeEnd(nextId(), { status: 'client_aborted', usage: null, costNanoUsd: null, costSource: 'estimated' }),
      makeEnd(nextId(), { status: 'blocked', usage: null, costNanoUsd: null, durationMs: 0.2 }),
    ];
    const running = nextId();
    const starts = [...ends.map((end) => end.id), running].map((id) => journaledStart(makeStart(id)));
    applier.apply({ records: starts, bodies: [], position: null });
    applier.apply({ records: ends.map((end) => journaledEnd(end)), bodies: [], position: null });

    const sums = { calls: 5, failed: 3, unpriced: 2, estimated: 1, input: 20, output: 10, cost: 1_000, duration: 4 * 812 };
    for (const table of ['spend_hourly', 'spend_daily', 'spend_target_hourly']) expect(readSums(db, table)).toEqual(sums);
    expect(db.prepare('SELECT DISTINCT hour FROM spend_hourly').pluck().all()).toEqual([Math.floor(readCallTime(running) / 3_600_000)]);
  });
});

describe('replay', () => {
  const records = (ids: readonly number[]) =>
    ids.flatMap((id) => [journaledStart(makeStart(id, { conversationId: 'mine' })), journaledEnd(makeEnd(id))]);

  it('changes nothing the second time, in one batch or in many', () => {
    const { db, applier } = openTestStore();
    const nextId = makeIds();
    const ids = Array.from({ length: 20 }, nextId);
    applier.apply({ records: records(ids), bodies: [], position: null });
    const before = [readSums(db, 'spend_hourly'), db.prepare('SELECT * FROM conversations').all(), db.prepare('SELECT * FROM calls').all()];
    applier.apply({ records: records(ids), bodies: [], position: null });
    for (const record of records(ids).reverse()) applier.apply({ records: [record], bodies: [], position: null });
    expect([
      readSums(db, 'spend_hourly'),
      db.prepare('SELECT * FROM conversations').all(),
      db.prepare('SELECT * FROM calls').all(),
    ]).toEqual(before);
    expect(before[0]).toMatchObject({ calls: 20, cost: 20_000 });
    expect(before[1]).toMatchObject([{ key: 'mine', calls: 20, cost_nano: 20_000, first_call_id: ids[0], last_call_id: ids.at(-1) }]);
  });

  it('survives a batch that failed half-way', () => {
    const { db, applier } = openTestStore();
    const nextId = makeIds();
    const ids = Array.from({ length: 5 }, nextId);
    db.exec("CREATE TRIGGER fail BEFORE INSERT ON spend_hourly BEGIN SELECT raise(ABORT, 'no'); END");
    expect(() => applier.apply({ records: records(ids), bodies: [], position: { segment: 1, offset: 9 } })).toThrow('no');
    expect(countByStatus(db)).toEqual({});
    db.exec('DROP TRIGGER fail');
    applier.apply({ records: records(ids), bodies: [], position: { segment: 1, offset: 9 } });
    expect(countByStatus(db)).toEqual({ ok: 5 });
    expect(readSums(db, 'spend_hourly')).toMatchObject({ calls: 5 });
    expect(db.prepare('SELECT calls FROM conversations').pluck().get()).toBe(5);
  });

  it('applies a journal again from the beginning without counting anything twice', async () => {
    const dataDir = makeDataDir();
    const first = await startLedger(dataDir);
    const nextId = makeIds();
    for (const id of Array.from({ length: 30 }, nextId)) {
      first.ledger.recordStart(makeStart(id));
      first.ledger.recordEnd(makeEnd(id));
    }
    await first.ledger.flush();
    const kept = join(dataDir, 'kept.log');
    copyFileSync(segmentPath(join(dataDir, 'journal'), 1), kept);
    await first.close();
    expect(readdirSync(join(dataDir, 'journal'))).toEqual([]);

    renameSync(kept, segmentPath(join(dataDir, 'journal'), 9));
    await (await startLedger(dataDir)).close();
    readTraces(dataDir, (db) => {
      expect(countByStatus(db)).toEqual({ ok: 30 });
      expect(readSums(db, 'spend_hourly')).toMatchObject({ calls: 30, cost: 30_000 });
    });
  });
});

describe('start of a process', () => {
  it('J10: ends calls left open by the last one as interrupted, exactly once, apart from the other statuses', async () => {
    const dataDir = makeDataDir();
    const nextId = makeIds();
    const [open, ended] = [nextId(), nextId()];
    const first = await startLedger(dataDir);
    first.ledger.recordStart(makeStart(open, { traceId: 'c'.repeat(32), conversationId: 'mine' }));
    first.ledger.recordStart(makeStart(ended));
    first.ledger.recordEnd(makeEnd(ended));
    await first.close();
    readTraces(dataDir, (db) => expect(countByStatus(db)).toEqual({ started: 1, ok: 1 }));

    for (let start = 0; start < 3; start++) await (await startLedger(dataDir)).close();
    readTraces(dataDir, (db) => {
      expect(countByStatus(db)).toEqual({ interrupted: 1, ok: 1 });
      expect(readRow(db, open)).toMatchObject({ http_status: null, duration_ms: null, cost_nano: null, response_bytes: null });
      expect(readDetail(db, open)).toEqual({ traceId: 'c'.repeat(32) });
      expect(readSums(db, 'spend_hourly')).toMatchObject({ calls: 2, failed: 1, unpriced: 1, cost: 1_000 });
      expect(db.prepare('SELECT key, calls, unpriced FROM conversations').all()).toEqual([{ key: 'mine', calls: 1, unpriced: 1 }]);
    });
  });

  it('gives the greatest call id in use', async () => {
    const dataDir = makeDataDir();
    const first = await startLedger(dataDir);
    expect(first.lastCallId).toBe(0);
    const nextId = makeIds();
    const ids = [nextId(), nextId()];
    for (const id of ids) first.ledger.recordEnd(makeEnd(id));
    await first.close();
    expect((await startLedger(dataDir)).lastCallId).toBe(ids[1]);
  });

  it('says what is on its way', async () => {
    const { ledger } = await startLedger(makeDataDir());
    expect(ledger.health).toEqual({ state: 'ok', message: null, droppedBodies: 0, pendingRecords: 0 });
    ledger.recordEnd(makeEnd(makeIds()()));
    ledger.writeNow();
    expect(ledger.health.pendingRecords).toBe(1);
    await ledger.flush();
    expect(ledger.health.pendingRecords).toBe(0);
  });
});
