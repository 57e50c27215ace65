import { describe, expect, it } from 'vitest';
import type { CallStart } from '../../src-main/domain/call.ts';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { arrivedBody } from '../support/arrived-body.ts';
import { journaledEnd, journaledStart } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeIds, openTestStore } from './ledger-support.ts';

const nextId = makeIds();
const user = (content: unknown) => ({ role: 'user', content });
const model = (content: unknown) => ({ role: 'assistant', content });

function openConversations(dir?: string) {
  const { db, applier, dataDir } = openTestStore(dir);
  const bodyOf = (id: number, body: unknown) => arrivedBody(id, 'request', Buffer.from(JSON.stringify(body)));
  return {
    db,
    applier,
    dataDir,
    bodyOf,
    call: (body: unknown, fields: Partial<CallStart> = {}) => {
      const id = nextId();
      const records = [journaledStart(makeStart(id, fields)), journaledEnd(makeEnd(id))];
      applier.apply({ records, bodies: [bodyOf(id, body)], position: null });
      return id;
    },
    keyOf: (id: number) =>
      db
        .prepare<[number], string>('SELECT key FROM calls JOIN conversations c ON c.id = conversation_id WHERE calls.id = ?')
        .pluck()
        .get(id) ?? null,
    conversations: () =>
      db.prepare('SELECT key, first_call_id, last_call_id, calls, cost_nano, unpriced FROM conversations ORDER BY id').all(),
  };
}

const derivedKey = (id: number) => `conv_${renderCallId(id).slice(5)}`;

describe('conversation', () => {
  it('is made of calls whose messages go on from those of one before', () => {
    const store = openConversations();
    const first = store.call({ messages: [user('a')] });
    expect(store.keyOf(first)).toBeNull();
    const second = store.call({ messages: [user('a'), model('b'), user('c')] });
    const third = store.call({ messages: [user('a'), model('b'), user('c'), model('d'), user('e')] });
    const other = store.call({ messages: [user('x'), model('b'), user('c')] });
    expect([first, second, third].map(store.keyOf)).toEqual([derivedKey(first), derivedKey(first), derivedKey(first)]);
    expect(store.keyOf(other)).toBeNull();
    expect(store.conversations()).toEqual([
      { key: derivedKey(first), first_call_id: first, last_call_id: third, calls: 3, cost_nano: 3_000, unpriced: 0 },
    ]);
  });

  it('is found by the longest beginning, and by the newest call that ended with it', () => {
    const store = openConversations();
    const call = (...contents: unknown[]) => store.call({ contents }, { endpoint: 'gemini-generate' });
    const left = call(user('a'));
    const leftAgain = call(user('a'), model('l'), user('b'));
    const right = call(user('a'));
    const rightAgain = call(user('a'), model('r'), user('b'));
    const leftOnceMore = call(user('a'), model('l'), user('b'), model('x'), user('y'));
    expect([left, leftAgain, leftOnceMore].map(store.keyOf)).toEqual(Array(3).fill(derivedKey(left)));
    expect([right, rightAgain].map(store.keyOf)).toEqual(Array(2).fill(derivedKey(right)));
  });

  it('goes on in the next process, also from a call that lasted long', () => {
    const store = openConversations();
    const running = nextId();
    const { bodyOf, applier } = store;
    applier.apply({ records: [journaledStart(makeStart(running))], bodies: [], position: null });
    const first = store.call({ messages: [user('a')] });
    const slow = { messages: [user('slow')] };
    applier.apply({ records: [journaledEnd(makeEnd(running))], bodies: [bodyOf(running, slow)], position: null });

    const next = openConversations(store.dataDir);
    const second = next.call({ messages: [user('a'), model('b'), user('c')] });
    const third = next.call({ messages: [user('slow'), model('b'), user('c')] });
    expect([first, second].map(next.keyOf)).toEqual(Array(2).fill(derivedKey(first)));
    expect([running, third].map(next.keyOf)).toEqual(Array(2).fill(derivedKey(running)));
  });

  it('goes on after a batch that was rolled back, as if that had not been tried', () => {
    const store = openConversations();
    const first = store.call({ messages: [user('a')] });
    const [lost, second] = [nextId(), nextId()];
    // Fails at the commit, as a full disk does.
    store.db.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER fail AFTER INSERT ON bodies BEGIN INSERT INTO child VALUES (1); END`);
    const records = [journaledStart(makeStart(lost)), journaledEnd(makeEnd(lost))];
    const bodies = [store.bodyOf(lost, { messages: [user('a')] })];
    expect(() => store.applier.apply({ records, bodies, position: null })).toThrow('FOREIGN KEY');
    store.db.exec('DROP TRIGGER fail');
    const again = [journaledStart(makeStart(second)), journaledEnd(makeEnd(second))];
    const goesOn = store.bodyOf(second, { messages: [user('a'), model('b'), user('c')] });
    store.applier.apply({ records: again, bodies: [goesOn], position: null });
    expect([first, second].map(store.keyOf)).toEqual(Array(2).fill(derivedKey(first)));
  });

  it.each([
    ['is looked for among the newest 40,000 calls', 39_999, true],
    ['is not looked for behind twice as many', 80_000, false],
  ])('%s', (_what, between, found) => {
    const store = openConversations();
    const first = store.call({ messages: [user('a')] });
    for (let left = between; left > 0; left -= 5_000) {
      const ids = Array.from({ length: Math.min(left, 5_000) }, () => nextId());
      const records = ids.flatMap((id) => [journaledStart(makeStart(id)), journaledEnd(makeEnd(id))]);
      const bodies = ids.map((id) => store.bodyOf(id, { messages: [user(`question ${id}`)] }));
      store.applier.apply({ records, bodies, position: null });
    }
    const second = store.call({ messages: [user('a'), model('b'), user('c')] });
    expect(store.keyOf(second)).toBe(found ? derivedKey(first) : null);
    const inNextProcess = openConversations(store.dataDir);
    const third = inNextProcess.call({ messages: [user('a'), model('b'), user('c'), model('d'), user('e')] });
    expect(inNextProcess.keyOf(third)).toBe(derivedKey(found ? first : second));
  });

  it('named by the caller always wins', () => {
    const store = openConversations();
    const first = store.call({ messages: [user('a')] }, { conversationId: 'mine' });
    const second = store.call({ messages: [user('a'), model('b'), user('c')] }, { conversationId: 'yours' });
    expect([first, second].map(store.keyOf)).toEqual(['mine', 'yours']);
  });

  it('survives a cache mark that moves on and a text that becomes a plain string', () => {
    const store = openConversations();
    const marked = (text: string) => user([{ type: 'text', text, cache_control: { type: 'ephemeral' } }]);
    const first = store.call({ messages: [marked('a "quoted" one')] }, { endpoint: 'messages' });
    const second = store.call({ messages: [user('a "quoted" one'), model('b'), marked('c')] }, { endpoint: 'messages' });
    const third = store.call(
      { messages: [user('a "quoted" one'), model('b'), user('c'), model('d'), marked('e')] },
      { endpoint: 'messages' },
    );
    expect([second, third].map(store.keyOf)).toEqual([derivedKey(first), derivedKey(first)]);
  });

  it('is the same whether bodies come before, with, or after the end of their call', () => {
    const store = openConversations();
    const [first, second] = [nextId(), nextId()];
    const apply = store.applier.apply;
    apply({ records: [journaledStart(makeStart(first))], bodies: [], position: null });
    apply({ records: [], bodies: [store.bodyOf(first, { messages: [user('a')] })], position: null });
    apply({ records: [journaledStart(makeStart(second))], bodies: [], position: null });
    apply({ records: [], bodies: [store.bodyOf(second, { messages: [user('a'), model('b'), user('c')] })], position: null });
    apply({ records: [journaledEnd(makeEnd(second))], bodies: [], position: null });
    apply({ records: [journaledEnd(makeEnd(first, { costNanoUsd: null }))], bodies: [], position: null });
    const third = nextId();
    apply({
      records: [journaledStart(makeStart(third)), journaledEnd(makeEnd(third))],
      bodies: [],
      position: null,
    });
    apply({
      records: [],
      bodies: [store.bodyOf(third, { messages: [user('a'), model('b'), user('c'), model('d'), user('e')] })],
      position: null,
    });
    expect(store.conversations()).toEqual([
      { key: derivedKey(first), first_call_id: first, last_call_id: third, calls: 3, cost_nano: 2_000, unpriced: 1 },
    ]);
  });

  it('is not made by embeddings, token counts, or the same question asked twice', () => {
    const store = openConversations();
    for (const endpoint of ['embeddings', 'count-tokens'] as const) {
      store.call({ input: ['a'], messages: [user('a')] }, { endpoint });
      store.call({ input: ['a', 'b'], messages: [user('a'), model('b'), user('c')] }, { endpoint });
    }
    store.call({ messages: [user('q')] });
    store.call({ messages: [user('q')] });
    store.call({ input: 'a string' }, { endpoint: 'responses' });
    expect(store.conversations()).toEqual([]);
  });
});
