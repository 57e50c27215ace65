import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser, renderSse, type SseEvent } from '../../src-main/dialects/sse.ts';

function parseChunks(chunks: readonly Uint8Array[]): SseEvent[] {
  const parser = createSseParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

function parseText(text: string): SseEvent[] {
  return parseChunks([Buffer.from(text)]);
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return sorted.slice(1).map((end, at) => bytes.subarray(sorted[at], end));
}

/** What the standard says, written for whole texts: the oracle of the incremental parser. */
function parseWhole(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  let event: string | null = null;
  let data: string[] = [];
  for (const line of [...text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/), '']) {
    const [, field, value] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0) events.push({ event, data: data.join('\n') });
      event = null;
      data = [];
    } else if (field === 'data') data.push(value ?? '');
    else if (field === 'event') event = value || null;
  }
  return events;
}

const sample =
  '\uFEFF: hello\r\n\r\ndata: {"a":"北京😀"}\r\n\r\nevent: message_stop\rdata:x\rdata:  y\r\r: ping\n\nid: 7\nretry: 10\ndata\n\nevent: lone\n\ndata: [DONE]';
const sampleEvents: SseEvent[] = [
  { event: null, data: '{"a":"北京😀"}' },
  { event: 'message_stop', data: 'x\n y' },
  { event: null, data: '' },
  { event: null, data: '[DONE]' },
];

describe('sse parser', () => {
  it('reads fields, comments, multi-line data, all three line ends and an unterminated last event', () => {
    expect(parseText(sample)).toEqual(sampleEvents);
  });

  it('S11 S12: gives the same events for every two cuts of the bytes', () => {
    const bytes = Buffer.from(sample);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second += 7) {
        const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(parseChunks(chunks), `cut at ${first} and ${second}`).toEqual(sampleEvents);
      }
    }
  });

  it('gives the same events when each byte comes alone', () => {
    expect(parseChunks([...Buffer.from(sample)].map((byte) => Uint8Array.of(byte)))).toEqual(sampleEvents);
  });

  it('agrees with the standard on any text, however it is cut', () => {
    const piece = fc.constantFrom(
      'data',
      'data:',
      'data: ',
      'event: e',
      ':',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      '\uFEFF',
      '北',
      '😀',
      'x',
      '',
      'id: 1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 6 }), (pieces, places) => {
        const text = pieces.join('');
        expect(parseChunks(cut(Buffer.from(text), places))).toEqual(parseWhole(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('survives a chunk whose memory is used again', () => {
    const parser = createSseParser();
    const memory = Buffer.from('data: abc');
    const events = parser.push(memory);
    memory.fill(0x7a);
    expect([...events, ...parser.push(Buffer.from('d\n\n'))]).toEqual([{ event: null, data: 'abcd' }]);
  });

  it('never throws on bytes that are not UTF-8', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseChunks([bytes])));
    expect(parseChunks([Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a])])).toEqual([{ event: null, data: '\uFFFD' }]);
  });

  it('delivers a line of 10 MB whole', () => {
    const long = 'a'.repeat(10 * 1024 * 1024);
    const bytes = Buffer.from(`data: ${long}\n\n`);
    const places = Array.from({ length: 160 }, (_, at) => at * 65_536);
    const events = parseChunks(cut(bytes, places));
    expect(events.length).toBe(1);
    expect(events[0]?.data === long).toBe(true);
  });

  it('takes time in proportion to the bytes, with few line ends, with many, and with each kind of them', () => {
    const streams = {
      'many LF': 'data: a\n\n'.repeat(120_000),
      'many CR': 'data: a\r\r'.repeat(120_000),
      'many CRLF': 'data: a\r\n\r\n'.repeat(100_000),
      'LF then one CR': `${'data: a\n\n'.repeat(120_000)}\r`,
      'CR then one LF': `${'data: a\r\r'.repeat(120_000)}\n`,
    };
    for (const [name, text] of Object.entries(streams)) {
      const small = fastestMs(Buffer.from(text.slice(0, text.length / 8)));
      const large = fastestMs(Buffer.from(text));
      // Eight times the bytes; quadratic work would take 64 times as long.
      expect(large / Math.max(small, 0.5), name).toBeLessThan(32);
    }
  });
});

function fastestMs(bytes: Buffer): number {
  const runs = Array.from({ length: 3 }, () => {
    const startedAt = performance.now();
    parseChunks([bytes]);
    return performance.now() - startedAt;
  });
  return Math.min(...runs);
}

describe('sse writer', () => {
  it('writes what the parser reads back', () => {
    const name = fc.option(fc.constantFrom('error', 'message_start'), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.record({ event: name, data: fc.json() })), (events) => {
        expect(parseText(events.map(renderSse).join(''))).toEqual(events);
      }),
    );
  });
});
