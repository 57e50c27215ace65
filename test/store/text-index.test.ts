import { describe, expect, it } from 'vitest';
import { readReplyText, readRequestText } from '../../src-main/store/ledger-writer/body-text.ts';
import { createTextIndex } from '../../src-main/store/ledger-writer/text-index.ts';
import { arrivedBody } from '../support/arrived-body.ts';
import { journaledEnd, journaledStart } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeIds, openTestStore } from './ledger-support.ts';

const nextId = makeIds();

function openIndexed() {
  const { db, applier } = openTestStore();
  const textIndex = createTextIndex(db);
  return {
    db,
    start: (id: number) => applier.apply({ records: [journaledStart(makeStart(id))], bodies: [], position: null }),
    end: (id: number, request: unknown, response: string | null = null) => {
      const bodies = [arrivedBody(id, 'request', Buffer.from(JSON.stringify(request)))];
      const reply = response === null ? [] : [arrivedBody(id, 'response', Buffer.from(response))];
      applier.apply({ records: [journaledEnd(makeEnd(id))], bodies: [...bodies, ...reply], position: null });
    },
    indexAll: () => {
      while (textIndex.indexSlice());
    },
    find: (words: string) =>
      db.prepare<[string], number>('SELECT rowid FROM call_text WHERE call_text MATCH ? ORDER BY rowid').pluck().all(words),
  };
}

describe('text index', () => {
  it('finds a call by what it added to its conversation and by the reply, not by its history', () => {
    const store = openIndexed();
    const [first, second] = [nextId(), nextId()];
    store.start(first);
    store.end(
      first,
      {
        messages: [
          { role: 'system', content: 'Be terse' },
          { role: 'user', content: 'Where is Zürich?' },
        ],
      },
      '{"choices":[{"message":{"content":"In Helvetia"}}]}',
    );
    store.start(second);
    store.end(second, {
      messages: [
        { role: 'system', content: 'Be terse' },
        { role: 'user', content: 'Where is Zürich?' },
        { role: 'assistant', content: 'In Helvetia' },
        { role: 'user', content: 'And Genoa?' },
      ],
    });
    store.indexAll();
    expect(store.find('zurich')).toEqual([first]);
    expect(store.find('helvetia')).toEqual([first]);
    expect(store.find('terse')).toEqual([first]);
    expect(store.find('genoa')).toEqual([second]);
    expect(store.db.prepare("SELECT value FROM meta WHERE key = 'text_indexed_through'").pluck().get()).toBe(second);
  });

  it('does not pass a call that is still running', () => {
    const store = openIndexed();
    const [slow, fast] = [nextId(), nextId()];
    store.start(slow);
    store.start(fast);
    store.end(fast, { messages: [{ role: 'user', content: 'tortoise' }] });
    store.indexAll();
    expect(store.find('tortoise')).toEqual([]);
    store.end(slow, { messages: [{ role: 'user', content: 'hare' }] });
    store.indexAll();
    expect(store.find('tortoise OR hare')).toEqual([slow, fast]);
  });

  it('is made anew when it is damaged', () => {
    const store = openIndexed();
    const id = nextId();
    store.start(id);
    store.end(id, { prompt: 'phoenix' });
    store.indexAll();
    store.db.unsafeMode(true).exec("UPDATE call_text_data SET block = x'00'");
    store.db.unsafeMode(false);
    const next = nextId();
    store.start(next);
    store.end(next, { prompt: 'ashes' });
    store.indexAll();
    expect(store.find('phoenix')).toEqual([id]);
    expect(store.find('ashes')).toEqual([next]);
  });
});

describe('text of a body', () => {
  it('puts the deltas of a stream together again, of every dialect', () => {
    const events = (...values: unknown[]) => values.map((value) => `event: x\r\ndata: ${JSON.stringify(value)}\r\n\r\n`).join('');
    const delta = (content: string) => ({ choices: [{ delta: { content } }] });
    expect(readReplyText(`${events(delta('Hel'), delta('lo wor'), delta('ld'))}data: [DONE]\n\n`)).toBe('Hello world');
    const block = (text: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } });
    expect(readReplyText(events({ type: 'ping' }, block('Bon'), block('jour')))).toBe('Bonjour');
    const part = (text: string) => ({ candidates: [{ content: { parts: [{ text }] } }] });
    expect(readReplyText(events(part('Ci'), part('ao')))).toBe('Ciao');
    const output = (text: string) => ({ type: 'response.output_text.delta', delta: text });
    expect(readReplyText(events(output('Ho'), output('la'), { type: 'response.output_text.done', text: 'Hola' }))).toBe('Hola');
  });

  it('reads tool calls, tool results and thinking, and leaves out pictures', () => {
    const text = readRequestText(
      JSON.stringify({
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', name: 'read', input: { path: 'src/main.ts' } }] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', content: 'export const answer' },
              { type: 'image', source: { data: 'A'.repeat(5_000) } },
            ],
          },
        ],
      }),
      false,
    );
    expect(text).toContain('src/main.ts');
    expect(text).toContain('export const answer');
    expect(text).not.toContain('AAAA');
    expect(readReplyText('{"content":[{"type":"thinking","thinking":"hmm"},{"type":"text","text":"yes"}]}')).toBe('hmm\nyes');
  });

  it('is empty for what cannot be read, and never longer than its limit', () => {
    expect(readRequestText('not json', false)).toBe('');
    expect(readReplyText('\u0000\u0001binary')).toBe('');
    expect(readRequestText(JSON.stringify({ prompt: 'word '.repeat(200_000) }), false).length).toBeLessThanOrEqual(256 * 1024);
  });
});
