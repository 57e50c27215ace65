import { randomBytes, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src-main/domain/call.ts';
import { createBlockReader } from '../../src-main/store/blocks.ts';
import { BodyPacker } from '../../src-main/store/bodies/body-packets.ts';
import { type ArrivedBody, BodyUnpacker } from '../../src-main/store/bodies/body-unpacker.ts';
import { cutBody } from '../../src-main/store/bodies/cut-body.ts';
import { type LayoutPart, parseLayout, renderLayout } from '../../src-main/store/bodies/layout.ts';
import { createBodyReader } from '../../src-main/store/bodies/read-body.ts';
import type { BodyKind } from '../../src-main/store/codes.ts';
import { arrivedBody } from '../support/arrived-body.ts';
import { journaledEnd, journaledStart } from '../support/journal-records.ts';
import { makeEnd, makeStart } from './ledger-records.ts';
import { makeDataDir, makeIds, openTestStore, readTraces, startLedger } from './ledger-support.ts';

const nextId = makeIds();

function openBodies() {
  const store = openTestStore();
  return {
    ...store,
    record: (bodies: Partial<Record<BodyKind, Buffer>>, endpoint: Endpoint = 'chat', id = nextId()) => {
      const arrived = Object.entries(bodies).map(([kind, bytes]) => arrivedBody(id, kind as BodyKind, bytes));
      store.applier.apply({
        records: [journaledStart(makeStart(id, { endpoint })), journaledEnd(makeEnd(id))],
        bodies: arrived,
        position: null,
      });
      return id;
    },
    count: (table: string) => store.db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0,
  };
}

const filler = (length: number, seed = 'lorem ipsum dolor sit amet ') => seed.repeat(Math.ceil(length / seed.length)).slice(0, length);
const message = (role: string, text: string) => JSON.stringify({ role, content: text });
const chat = (messages: string[], rest = '') => Buffer.from(`{"model":"m","messages":[${messages.join(',')}]${rest}}`);

describe('the pieces of a block', () => {
  it('have ids that follow each other, whatever sizes come after one another', () => {
    const { db, applier } = openBodies();
    const bodies = [5_000, 200_000, 7_000, 120_000, 120_000, 120_000, 300_000, 9_000].flatMap((length) => [
      arrivedBody(nextId(), 'request', chat([message('user', filler(length, randomUUID())), message('user', filler(100, randomUUID()))])),
      arrivedBody(nextId(), 'response', Buffer.from(filler(length, randomUUID()))),
    ]);
    applier.apply({ records: [], bodies, position: null });
    const blocks = db.prepare<[], { pieces: number; span: number }>(
      'SELECT count(*) AS pieces, max(id) - min(id) + 1 AS span FROM pieces GROUP BY block_id',
    );
    expect(blocks.all().length).toBeGreaterThan(3);
    for (const { pieces, span } of blocks.all()) expect(span).toBe(pieces);
  });
});

describe('a body', () => {
  const big = filler(5_000);
  const oddBodies: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    'one byte': Buffer.from('{'),
    'small JSON': chat([message('user', 'hi')]),
    'pretty JSON': Buffer.from(
      JSON.stringify(
        {
          messages: [
            { role: 'user', content: big },
            { role: 'assistant', content: big },
          ],
          tools: [],
        },
        null,
        2,
      ),
    ),
    'CRLF and tabs': Buffer.from(
      `{\r\n\t"messages" : [\r\n\t\t${message('user', big)} ,\r\n\t\t${message('user', `${big}2`)}\r\n\t]\r\n}\r\n`,
    ),
    'byte-order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), chat([message('user', big)])]),
    'duplicate keys': Buffer.from(
      `{"messages":[${message('user', big)}],"messages":[${message('user', `${big}!`)}],"tools":[],"tools":[{"a":"${big}"}]}`,
    ),
    'arrays in arrays': Buffer.from(`{"input":[[${message('user', big)}],[["${big}"]]],"x":{"messages":["${big}"]}}`),
    'escaped key': Buffer.from(`{"mess\\u0061ges":[${message('user', big)}]}`),
    'brackets and quotes in strings': chat([
      message('user', `]},"messages":[\\"\\\\" ${big}`),
      message('user', `"cache_control":{"type":"ephemeral"} ${big}`),
    ]),
    'cut in the middle': chat([message('user', big), message('user', big)]).subarray(0, 7_000),
    'cut in a string': Buffer.from(`{"messages":[{"role":"user","content":"${big}`),
    'empty elements': Buffer.from(`{"messages":[,,${message('user', big)},,],"tools":[,]}`),
    'trailing text': Buffer.concat([chat([message('user', big)]), Buffer.from(`]}garbage${big}`)]),
    'no object': Buffer.from(`["${big}","${big}"]`),
    'deeply nested': Buffer.from(`{"messages":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`),
    'many small elements': Buffer.from(JSON.stringify({ input: Array.from({ length: 60_000 }, (_, index) => index) })),
    'every byte': Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff)),
    'random bytes': randomBytes(100_000),
    'lone surrogates': Buffer.from(`{"messages":[{"role":"user","content":"\\ud800 ${big}"}]}`),
    'invalid UTF-8': Buffer.concat([
      Buffer.from('{"messages":[{"role":"user","content":"'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(`${big}"}]}`),
    ]),
    'cache marks': chat([
      `{"role":"user","content":[{"type":"text","text":"${big}","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b" , "cache_control" : {"type": "ephemeral", "ttl": "1h"} }]}`,
      `{"cache_control":{"type":"ephemeral"},"role":"user","content":"${big}"}`,
      `{"role":"user","content":"${big}","cache_control":{"type":{"nested":1}}}`,
      `{"role":"user","content":"${big}","cache_control":null}`,
      `{"role":"user","content":"${big}","x":"cache_control"}`,
    ]),
  };

  it.each(Object.keys(oddBodies))('comes back byte for byte: %s', (name) => {
    const store = openBodies();
    const body = oddBodies[name] ?? Buffer.alloc(0);
    const first = store.record({ request: body, response: body, upstreamRequest: body });
    // The second time it is made of known pieces.
    const second = store.record({ request: body });
    for (const id of [first, second]) expect(store.readBody(id, 'request')?.equals(body)).toBe(true);
    expect(store.readBody(first, 'response')?.equals(body)).toBe(true);
    expect(store.readBody(first, 'upstreamRequest')?.equals(body)).toBe(true);
    expect(store.readBody(first, 'upstreamResponse')).toBeNull();
    expect(store.listBodies(first)).toEqual(['request', 'response', 'upstreamRequest']);
  });

  it('comes back byte for byte: any JSON, in any white space', () => {
    const store = openBodies();
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    const element = fc.oneof(
      words,
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({ role: words, content: words, cache_control: fc.constant({ type: 'ephemeral' }) }),
    );
    const body = fc.record({ model: words, messages: fc.array(element), tools: fc.array(element), system: element, input: element });
    fc.assert(
      fc.property(body, fc.constantFrom('', '  ', '\t'), fc.nat(40), (value, indent, cut) => {
        const whole = Buffer.from(`{"pad":"${filler(4_100)}",${JSON.stringify(value, null, indent).slice(1)}`);
        const bytes = whole.subarray(0, whole.length - cut);
        const id = store.record({ request: bytes });
        expect(store.readBody(id, 'request')?.equals(bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('of 20 MB comes back through the thread, in packets', async () => {
    const dataDir = makeDataDir();
    const { ledger, close } = await startLedger(dataDir);
    const image = randomBytes(15_000_000).toString('base64');
    const request = Buffer.from(new Uint8Array(chat([message('user', 'look'), message('user', image)])).buffer);
    const sent = Buffer.from(request.toString('latin1'), 'latin1');
    const response = [Buffer.from('data: 1\n\n'), Buffer.alloc(0), randomBytes(3_000_000)];
    const id = nextId();
    ledger.recordEnd(makeEnd(id));
    ledger.recordBodies(id, { request, response });
    await ledger.flush();
    // It had its memory to itself and was given away with it, not copied.
    expect(request).toHaveLength(0);
    await close();
    readTraces(dataDir, (db) => {
      const { readBody } = createBodyReader(db, createBlockReader(db, 1_000_000));
      expect(readBody(id, 'request')?.equals(sent)).toBe(true);
      expect(readBody(id, 'response')?.equals(Buffer.concat(response))).toBe(true);
    });
  });

  it('replaces the one of its kind recorded before and leaves the others', () => {
    const store = openBodies();
    const id = store.record({ request: Buffer.from('first'), response: Buffer.from('reply') });
    store.record({ request: Buffer.from('second') }, 'chat', id);
    expect(store.readBody(id, 'request')?.toString()).toBe('second');
    expect(store.readBody(id, 'response')?.toString()).toBe('reply');
  });
});

describe('pieces', () => {
  it('are found again after a restart', () => {
    const dataDir = makeDataDir();
    const body = chat(Array.from({ length: 20 }, (_, index) => message('user', filler(1_000, `text ${index} `))));
    const id = nextId();
    for (const callId of [id, nextId()]) {
      const { applier } = openTestStore(dataDir);
      applier.apply({ records: [], bodies: [arrivedBody(callId, 'request', body)], position: null });
    }
    readTraces(dataDir, (db) => expect(db.prepare('SELECT count(*) FROM pieces').pluck().get()).toBe(20));
  });

  it('share a block only up to 256 KB', () => {
    const store = openBodies();
    store.record({ request: chat(Array.from({ length: 100 }, () => message('user', randomBytes(10_000).toString('base64')))) });
    const blocks = store.db.prepare<[], { raw_bytes: number }>('SELECT raw_bytes FROM blocks WHERE kind = 1').all();
    expect(blocks.length).toBeGreaterThan(4);
    for (const { raw_bytes: raw } of blocks) expect(raw).toBeLessThanOrEqual(256 * 1024);
  });

  it('of a message are the same with and without a cache mark', () => {
    const store = openBodies();
    const text = filler(6_000);
    const mark = ',"cache_control":{"type":"ephemeral"}';
    const marked = (mark: string) => `{"role":"user","content":[{"type":"text","text":"${text}"${mark}}]}`;
    store.record({ request: chat([marked(mark)]) });
    const pieces = store.count('pieces');
    const id = store.record({ request: chat([marked(''), marked(',"cache_control":{"type":"ephemeral","ttl":"1h"}')]) });
    expect(store.count('pieces')).toBe(pieces);
    expect(store.readBody(id, 'request')?.toString()).toContain('"ttl":"1h"');
  });

  it('D7: of a picture that is sent again every turn take their room once', () => {
    const store = openBodies();
    const picture = `{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,${randomBytes(600_000).toString('base64')}"}}]}`;
    const turns = Array.from({ length: 10 }, (_, turn) =>
      chat([picture, ...Array.from({ length: turn }, (_, index) => message('user', filler(500, `turn ${index} `)))]),
    );
    const ids = turns.map((request) => store.record({ request }));
    expect(ids.map((id, turn) => store.readBody(id, 'request')?.equals(turns[turn] ?? Buffer.alloc(0)))).toEqual(turns.map(() => true));
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(join(store.dataDir, 'traces.db')).size).toBeLessThan(1_000_000);
  });
});

describe('an agent that resends its history', () => {
  /** Forty turns of some 60 to 180 KB, with tools, a moving cache mark, and replies. */
  function* agentTurns() {
    const tools = Array.from({ length: 20 }, (_, index) => ({
      name: `tool_${index}`,
      description: randomText(900),
      input_schema: { type: 'object' },
    }));
    const system = [{ type: 'text', text: randomText(12_000), cache_control: { type: 'ephemeral' } }];
    const messages: unknown[] = [{ role: 'user', content: [{ type: 'text', text: randomText(20_000) }] }];
    for (let turn = 0; turn < 40; turn++) {
      const marked = messages.map((item, index) => (index === messages.length - 1 ? addMark(item) : item));
      const reply = { type: 'tool_use', id: `toolu_${turn}`, name: 'tool_3', input: { path: randomText(200) } };
      yield {
        request: Buffer.from(JSON.stringify({ model: 'claude', max_tokens: 32_000, messages: marked, system, tools, stream: true })),
        response: Buffer.from(`data: ${JSON.stringify(reply)}\n\n`),
      };
      messages.push({ role: 'assistant', content: [reply] });
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: reply.id, content: randomText(3_000) }] });
    }
  }

  const randomText = (length: number) => {
    let text = '';
    while (text.length < length)
      text += `${['the', 'function', 'reads', 'value', 'of', 'const', 'error', 'returns', 'in', 'file'][Math.floor(Math.random() * 10)]}${Math.random() < 0.2 ? Math.floor(Math.random() * 9_999) : ''} `;
    return text;
  };

  const addMark = (item: unknown): unknown => {
    const { content, ...rest } = item as { content: object[] };
    return {
      ...rest,
      content: content.map((block, index) => (index === content.length - 1 ? { ...block, cache_control: { type: 'ephemeral' } } : block)),
    };
  };

  it('takes the disk of about one request, is one conversation, and reads back', () => {
    const store = openBodies();
    const fileSize = () => {
      store.db.pragma('wal_checkpoint(TRUNCATE)');
      return statSync(join(store.dataDir, 'traces.db')).size;
    };
    const emptySize = fileSize();
    const turns = [...agentTurns()];
    const ids = turns.map((bodies) => store.record(bodies, 'messages'));
    const size = fileSize() - emptySize;
    const raw = turns.reduce((sum, turn) => sum + turn.request.length, 0);
    const last = turns.at(-1)?.request.length ?? 0;
    expect(raw / turns.length).toBeGreaterThan(80_000);
    expect(size).toBeLessThan(last);
    expect(size / turns.length).toBeLessThan(2_500);
    expect(store.db.prepare('SELECT avg(length(layouts)) FROM bodies').pluck().get()).toBeLessThan(250);
    for (const [turn, id] of ids.entries())
      expect(store.readBody(id, 'request')?.equals(turns[turn]?.request ?? Buffer.alloc(0))).toBe(true);
    expect(store.db.prepare('SELECT calls, first_call_id, cost_nano FROM conversations').all()).toEqual([
      { calls: 40, first_call_id: ids[0], cost_nano: 40_000 },
    ]);
  });
});

describe('cutting', () => {
  it('finds the elements of the known arrays at the top level only', () => {
    const body = Buffer.from(
      '{"a":[1],"messages": [ {"x":[1,2]} , "s,]" ],"tools":[{}],"input":"text","metadata":{"messages":[1]},"system":[ ]}',
    );
    expect(cutBody(body).map(({ key, start, end }) => [key, body.toString('utf8', start, end)])).toEqual([
      ['messages', '{"x":[1,2]}'],
      ['messages', '"s,]"'],
      ['tools', '{}'],
    ]);
  });
});

describe('layout', () => {
  const part = fc.oneof(
    fc.record({ type: fc.constant('literal' as const), bytes: fc.constantFrom(',', ',', 'x', '"},{"').map((text) => Buffer.from(text)) }),
    fc.record({
      type: fc.constant('run' as const),
      first: fc.integer({ min: 1, max: 12 }),
      count: fc.constant(1),
      commas: fc.constant(false),
    }),
    fc.record({
      type: fc.constant('range' as const),
      place: fc.record({ block: fc.nat(2 ** 30), offset: fc.nat(300_000), length: fc.nat(300_000) }),
    }),
    fc.record({
      type: fc.constant('patched' as const),
      piece: fc.integer({ min: 1, max: 2 ** 40 }),
      insertions: fc.array(
        fc.record({
          offset: fc.nat(300_000),
          bytes: fc.constantFrom(',"cache_control":{"type":"ephemeral"}', 'y').map((text) => Buffer.from(text)),
        }),
      ),
    }),
  );
  const spell = (parts: readonly LayoutPart[]): string =>
    parts
      .map((item) => {
        if (item.type === 'literal') return item.bytes.toString();
        if (item.type === 'range') return `<${item.place.block}:${item.place.offset}+${item.place.length}>`;
        if (item.type === 'patched') return `<${item.piece}${item.insertions.map(({ offset, bytes }) => `@${offset}${bytes}`)}>`;
        return Array.from({ length: item.count }, (_, index) => `<${item.first + index}>${item.commas ? ',' : ''}`).join('');
      })
      .join('');

  it('says the same parts in the same order when read back', () => {
    fc.assert(fc.property(fc.array(part), (parts) => spell(parseLayout(renderLayout(parts))) === spell(parts)));
  });

  it('of 120 messages in one array is a few bytes', () => {
    const parts = Array.from({ length: 120 }, (_, index): LayoutPart[] => [
      { type: 'literal', bytes: Buffer.from(index === 0 ? '[' : ',') },
      { type: 'run', first: 5_000 + index, count: 1, commas: false },
    ]).flat();
    expect(renderLayout(parts).length).toBeLessThan(12);
  });
});

describe('packets', () => {
  it('carry bodies of any size through packets of any size', () => {
    const sizes = fc.array(fc.array(fc.nat(50), { maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), (bodies, maxBytes) => {
        const packer = new BodyPacker(maxBytes);
        const sent = bodies.map((lengths, index) => lengths.map((length) => Buffer.alloc(length, index)));
        for (const [callId, buffers] of sent.entries()) {
          packer.add({ callId, kind: 'response', buffers, length: Buffer.concat(buffers).length });
        }
        const unpacker = new BodyUnpacker();
        const arrived: ArrivedBody[] = [];
        const memory: ArrayBuffer[] = [];
        for (let packet = packer.pack(); packet !== null; packet = packer.pack()) {
          expect(packet.bytes.length).toBeLessThanOrEqual(maxBytes);
          const bodies = unpacker.unpack(packet);
          expect(bodies).toHaveLength(packet.completed);
          arrived.push(...bodies);
          memory.push(packet.bytes.buffer);
        }
        expect(arrived.map(({ callId, bytes }) => [callId, bytes.toString('hex')])).toEqual(
          sent.map((buffers, callId) => [callId, Buffer.concat(buffers).toString('hex')]),
        );
        expect(packer.waitingBytes).toBe(0);
        for (const body of arrived) body.release();
        expect(memory.filter((buffer) => !buffer.detached)).toEqual([]);
      }),
    );
  });
});
