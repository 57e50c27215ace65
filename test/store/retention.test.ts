import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackBlock } from '../../src-main/store/blocks.ts';
import { applyRetention } from '../../src-main/store/ledger-writer/apply-retention.ts';
import { deleteCalls } from '../../src-main/store/ledger-writer/delete-calls.ts';
import { createTextIndex } from '../../src-main/store/ledger-writer/text-index.ts';
import { arrivedBody } from '../support/arrived-body.ts';
import { journaledEnd, journaledStart } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeDataDir, makeIds, NOON, openTestStore, startLedger } from './ledger-support.ts';

const DAY_MS = 86_400_000;
const limits = { bodiesMaxAgeDays: 30, bodiesMaxBytes: 5_000_000_000, metadataMaxAgeDays: 365 };
const text = (length: number) => randomBytes(length).toString('base64').slice(0, length);
const chat = (...contents: string[]) => Buffer.from(JSON.stringify({ messages: contents.map((content) => ({ role: 'user', content })) }));

function openRetained() {
  const store = openTestStore();
  return {
    ...store,
    fileBytes: () => statSync(join(store.dataDir, 'traces.db')).size,
    record: (id: number, request: Buffer, response = Buffer.from('{}')) => {
      store.applier.apply({
        records: [journaledStart(makeStart(id)), journaledEnd(makeEnd(id))],
        bodies: [arrivedBody(id, 'request', request), arrivedBody(id, 'response', response)],
        position: null,
      });
    },
    count: (table: string) => store.db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get(),
  };
}

describe('retention', () => {
  it('D6: deletes bodies by age, keeps what newer ones share, and the file shrinks', async () => {
    const store = openRetained();
    const shared = text(50_000);
    const [old, recent] = [makeIds(NOON - 40 * DAY_MS), makeIds(NOON)];
    const oldIds = Array.from({ length: 60 }, old);
    for (const id of oldIds) store.record(id, chat(shared, text(40_000)));
    const recentId = recent();
    const body = chat(shared, 'newer');
    store.record(recentId, body);
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    const before = store.fileBytes();

    const report = await applyRetention(store.db, store.applier.pieces, limits, NOON + 60_000);
    expect(report).toMatchObject({ heldUntil: null, deletedBodies: 60, deletedCalls: 0 });
    expect(store.count('calls')).toBe(61);
    expect(store.readBody(oldIds[0] ?? 0, 'request')).toBeNull();
    expect(store.readBody(recentId, 'request')?.equals(body)).toBe(true);
    expect(store.fileBytes()).toBeLessThan(before / 4);
    expect(store.db.pragma('quick_check', { simple: true })).toBe('ok');

    // What was deleted must not be taken for known.
    const again = chat(shared, text(40_000));
    const againId = recent();
    store.record(againId, again);
    expect(store.readBody(againId, 'request')?.equals(again)).toBe(true);
  });

  it('H11: keeps the file within its limit, oldest bodies first', async () => {
    const store = openRetained();
    const nextId = makeIds();
    const ids = Array.from({ length: 80 }, nextId);
    for (const id of ids) store.record(id, chat(text(30_000)), Buffer.from(text(10_000)));
    const bodiesMaxBytes = 1_000_000;
    const report = await applyRetention(store.db, store.applier.pieces, { ...limits, bodiesMaxBytes }, NOON + DAY_MS);
    expect(report.bytes).toBeLessThanOrEqual(bodiesMaxBytes);
    expect(report.bytes).toBeGreaterThan(bodiesMaxBytes * 0.7);
    const left = ids.filter((id) => store.readBody(id, 'request') !== null);
    expect(left).toEqual(ids.slice(-left.length));
    expect(store.count('calls')).toBe(80);
  });

  it('deletes calls by age with their details, texts and conversations, and keeps the sums', async () => {
    const store = openRetained();
    const [old, recent] = [makeIds(NOON - 400 * DAY_MS), makeIds(NOON)];
    const [first, second, kept] = [old(), old(), recent()];
    store.record(first, chat('a'));
    store.record(second, chat('a', 'b', 'c'));
    store.record(kept, chat('x', text(100)));
    createTextIndex(store.db).indexSlice();
    const report = await applyRetention(store.db, store.applier.pieces, limits, NOON + 60_000);
    expect(report).toMatchObject({ deletedCalls: 2 });
    expect(store.db.prepare('SELECT id FROM calls').pluck().all()).toEqual([kept]);
    expect([store.count('conversations'), store.count('bodies')]).toEqual([0, 1]);
    // One of details and one of bodies are left.
    expect(store.count('blocks')).toBe(2);
    expect(store.db.prepare("SELECT rowid FROM call_text WHERE call_text MATCH 'a OR x'").pluck().all()).toEqual([kept]);
    expect(store.db.prepare('SELECT sum(calls) FROM spend_hourly').pluck().get()).toBe(3);
  });

  it('H12: deletes nothing for a day when the clock is far ahead of the newest call', async () => {
    const store = openRetained();
    store.record(makeIds()(), chat('a'));
    const jumped = NOON + 400 * DAY_MS;
    const apply = (now: number) => applyRetention(store.db, store.applier.pieces, limits, now);
    expect(await apply(jumped)).toMatchObject({ heldUntil: jumped + DAY_MS, deletedBodies: 0 });
    expect(await apply(jumped + DAY_MS / 2)).toMatchObject({ heldUntil: jumped + DAY_MS });
    // The clock is right again: the next jump is held anew.
    expect(await apply(NOON + 60_000)).toMatchObject({ heldUntil: null, deletedBodies: 0 });
    expect(await apply(jumped + 2 * DAY_MS)).toMatchObject({ heldUntil: jumped + 3 * DAY_MS });
    expect(store.count('bodies')).toBe(1);
    expect(await apply(jumped + 3 * DAY_MS + 1)).toMatchObject({ heldUntil: null, deletedCalls: 1 });
  });

  it('lets batches through meanwhile that use pieces about to be swept', async () => {
    const store = openRetained();
    const old = makeIds(NOON - 40 * DAY_MS);
    const texts = Array.from({ length: 40 }, () => text(3_000));
    for (const [index, one] of texts.entries()) store.record(old(), chat(one, texts[(index + 1) % 40] ?? ''));
    const recent = makeIds(NOON);
    store.record(recent(), chat('now'));

    const recorded: [number, Buffer][] = [];
    let isDone = false;
    const retention = applyRetention(store.db, store.applier.pieces, limits, NOON + 60_000).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const body = chat(...texts.slice(recorded.length % 20, (recorded.length % 20) + 5));
      const id = recent();
      store.record(id, body);
      recorded.push([id, body]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await retention;
    expect(recorded.length).toBeGreaterThan(1);
    for (const [id, body] of recorded) expect(store.readBody(id, 'request')?.equals(body)).toBe(true);
  });
});

describe('deleting a call', () => {
  it('G11: leaves nothing of it in the file, its log, or the journal', async () => {
    const dataDir = makeDataDir();
    const { ledger } = await startLedger(dataDir);
    const nextId = makeIds();
    const [secret, other] = [nextId(), nextId()];
    const word = 'xylophonequartz';
    const common = text(5_000);
    const errorText = { code: 'upstream_error' as const, message: `${word} in error`, providerType: null, providerCode: null };
    ledger.recordEnd(makeEnd(secret, { error: errorText, responseId: `${word}-id` }));
    ledger.recordBodies(secret, { request: chat(common, `${word} small`), response: [Buffer.from(`{"text":"${word} reply"}`)] });
    ledger.recordEnd(makeEnd(other));
    ledger.recordBodies(other, { request: chat(common, 'else'), response: null });
    await ledger.flush();
    await ledger.deleteCalls([secret]);

    const files = ['traces.db', 'traces.db-wal', ...readdirSync(join(dataDir, 'journal')).map((name) => join('journal', name))];
    expect(files.filter((file) => readFileSync(join(dataDir, file)).includes(word))).toEqual([]);
    const store = openTestStore(dataDir);
    expect(store.db.prepare('SELECT id FROM calls').pluck().all()).toEqual([other]);
    expect(store.readBody(other, 'request')?.equals(chat(common, 'else'))).toBe(true);
    expect(store.db.prepare('SELECT sum(calls) FROM spend_hourly').pluck().get()).toBe(2);
  });

  it('is blanked in the blocks it shares with others, and the last one takes the block along', async () => {
    const store = openRetained();
    const nextId = makeIds();
    const ids = ['alpha', 'beta', 'gamma'].map((word) => ({ word, id: nextId() }));
    const replyOf = (word: string) => Buffer.from(JSON.stringify({ reply: `${word} `.repeat(40) }));
    store.applier.apply({
      records: ids.flatMap(({ id }) => [journaledStart(makeStart(id)), journaledEnd(makeEnd(id))]),
      bodies: ids.flatMap(({ word, id }) => [
        arrivedBody(id, 'request', chat(`${word} said ${text(100)}`)),
        arrivedBody(id, 'response', replyOf(word)),
      ]),
      position: null,
    });
    const [alpha, beta, gamma] = ids.map(({ id }) => id);
    const blocks = store.db.prepare<[], { kind: number; data: Buffer }>('SELECT kind, data FROM blocks');
    const readBlocks = () => blocks.all().map(({ kind, data }) => unpackBlock(kind, data).toString());
    expect(readBlocks().filter((block) => /alpha .*beta .*gamma /.test(block))).toHaveLength(1);
    await deleteCalls(store.db, store.applier.pieces, [beta ?? 0]);
    expect(readBlocks().some((block) => block.includes('beta'))).toBe(false);
    for (const [id, word] of [[alpha, 'alpha'] as const, [gamma, 'gamma'] as const]) {
      expect(store.readBody(id ?? 0, 'response')?.equals(replyOf(word))).toBe(true);
      expect(store.readBody(id ?? 0, 'request')?.toString()).toContain(`${word} said`);
    }
    await deleteCalls(store.db, store.applier.pieces, [alpha ?? 0, gamma ?? 0]);
    expect(readBlocks().some((block) => /alpha|gamma/.test(block))).toBe(false);
    expect(store.db.prepare('SELECT count(*) FROM blocks WHERE kind = 4').pluck().get()).toBe(0);
  });

  it('takes its words out of the text index and its share out of the conversation', async () => {
    const store = openRetained();
    const nextId = makeIds();
    const [first, second, third] = [nextId(), nextId(), nextId()];
    store.record(first, chat('alpha'));
    store.record(second, chat('alpha', 'beta', 'gammaray'));
    store.record(third, chat('alpha', 'beta', 'gammaray', 'delta', 'epsilon'));
    while (createTextIndex(store.db).indexSlice());
    await deleteCalls(store.db, store.applier.pieces, [second]);
    expect(store.db.prepare("SELECT rowid FROM call_text WHERE call_text MATCH 'gammaray'").pluck().all()).not.toContain(second);
    expect(store.db.prepare('SELECT first_call_id, last_call_id, calls, cost_nano FROM conversations').all()).toEqual([
      { first_call_id: first, last_call_id: third, calls: 2, cost_nano: 2_000 },
    ]);
    await deleteCalls(store.db, store.applier.pieces, [first, third]);
    expect(store.count('conversations')).toBe(0);
    expect(readFileSync(join(store.dataDir, 'traces.db')).includes('gammaray')).toBe(false);
  });
});
