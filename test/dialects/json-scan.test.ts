import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScanned, readTopLevel, scanTopLevel } from '../../src-main/dialects/json-scan.ts';

function scan(json: string, keys: readonly string[]): Record<string, unknown> {
  const bytes = Buffer.from(json);
  return Object.fromEntries([...scanTopLevel(bytes, keys)].map(([key, range]) => [key, readScanned(bytes, range)]));
}

describe('scanTopLevel', () => {
  it('finds every key of any object, and its value', () => {
    const key = fc
      .oneof(fc.constantFrom('model', 'usage', 'a"b', 'é', 'line\nbreak', '__proto__'), fc.string())
      .filter((name) => !name.includes('\\'));
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (keys, value, indent) => {
        const object = new Map(keys.map((name, at) => [name, at % 2 === 0 ? value : at]));
        const bytes = Buffer.from(JSON.stringify(Object.fromEntries(object), null, indent));
        const found = new Map(
          [...scanTopLevel(bytes, keys)].map(([name, range]) => [name, bytes.toString('utf8', range.start, range.end)]),
        );
        expect([...found.keys()].sort()).toEqual([...keys].sort());
        for (const [name, text] of found) expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(object.get(name)));
      }),
      { numRuns: 500 },
    );
  });

  // V8 13.6 takes {"k":0,"\"":0} for {"k":0,"\\":0} once it has parsed the latter, so JSON.parse is no oracle for such keys.
  it('reads keys that are escapes', () => {
    const bytes = Buffer.from(String.raw`{"\\":1,"\"":2,"\n":3,"\u005c\"":4}`);
    const found = scanTopLevel(bytes, ['\\', '"', '\n', '\\"']);
    expect([...found].map(([name, range]) => [name, readScanned(bytes, range)])).toEqual([
      ['\\', 1],
      ['"', 2],
      ['\n', 3],
      ['\\"', 4],
    ]);
  });

  it('takes only top-level keys, past blanks and a byte-order mark', () => {
    expect(scan('\uFEFF \r\n\t{ "x" : { "model" : 1 } , "model" : "m" , "messages":[{"model":"no"}] }', ['model', 'stream'])).toEqual({
      model: 'm',
    });
  });

  it('gives the byte range of the raw value', () => {
    const bytes = Buffer.from('{"é": "ü", "usage" : {"a": [1, "}"]} ,"z":0}');
    const range = scanTopLevel(bytes, ['usage']).get('usage');
    expect(bytes.toString('utf8', range?.start, range?.end)).toBe('{"a": [1, "}"]}');
  });

  it('resolves duplicate and escaped keys as JSON.parse does: the last wins', () => {
    const text = String.raw`{"model":"a","mod\u0065l":"b"}`;
    expect(scan(text, ['model'])).toEqual(JSON.parse(text));
    expect(scan('{"model":"a","model":{"b":1},"model":null}', ['model'])).toEqual({ model: null });
  });

  it('is not fooled by quotes and backslashes inside strings', () => {
    const object = { text: '"model":"no"}\\', tail: '\\\\"', model: 'yes' };
    expect(scan(JSON.stringify(object), ['model', 'tail'])).toEqual({ model: 'yes', tail: '\\\\"' });
  });

  it('finds the end of a string wherever quotes and backslashes stand in it', () => {
    const filler = fc.integer({ min: 0, max: 70 }).map((length) => 'x'.repeat(length));
    const text = fc.array(fc.oneof(filler, fc.constantFrom('"', '\\', '\\\\', ',"model":1'))).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (value) => {
        expect(scan(JSON.stringify({ a: value, model: value }), ['model'])).toEqual({ model: value });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', {}],
    ['null', {}],
    ['[{"model":1}]', {}],
    ['"model"', {}],
    ['{', {}],
    ['{"model"', {}],
    ['{"model":"cut', {}],
    ['{"model":"m","usage":{"a":1', { model: 'm' }],
    ['{"model":"m"', {}],
    ['{"model":1 2,"usage":3}', { model: undefined, usage: 3 }],
    ['{"model" "x","usage":3}', { usage: 3 }],
    ['}{]', {}],
  ])('of %s it answers what was complete', (text, expected) => {
    expect(scan(text, ['model', 'usage'])).toEqual(expected);
  });

  it('never throws, on any bytes', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'model', '1', ' ', '\uFEFF');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void scan(pieces.join(''), ['model'])),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void scanTopLevel(Buffer.from(bytes), ['model'])));
  });

  it('reads past 100,000 levels of nesting and a megabyte of escapes', () => {
    expect(scan(`{"a":${'[{"b":'.repeat(100_000)}1${'}]'.repeat(100_000)},"model":"m"}`, ['model'])).toEqual({ model: 'm' });
    expect(scan(`{"a":"${'\\"'.repeat(500_000)}","b":"${'\\\\'.repeat(500_000)}","model":"m"}`, ['model'])).toEqual({ model: 'm' });
  });

  it('costs less than parsing', () => {
    const bytes = Buffer.from(
      JSON.stringify({ messages: Array.from({ length: 200 }, () => ({ content: 'text '.repeat(1000) })), model: 'm' }),
    );
    const scanMs = fastestMs(() => scanTopLevel(bytes, ['model']));
    const parseMs = fastestMs(() => JSON.parse(bytes.toString()));
    expect(scanMs).toBeLessThan(parseMs / 2);
  });
});

function fastestMs(run: () => unknown): number {
  const runs = Array.from({ length: 7 }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return Math.min(...runs);
}

describe('readTopLevel', () => {
  it('gives the same values whether the object is small enough to be parsed or is scanned', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (usage, model) => {
        const small = { id: 'x', usage, model };
        const large = { filler: 'y'.repeat(20_000), ...small };
        for (const object of [small, large]) {
          const found = readTopLevel(Buffer.from(JSON.stringify(object)), ['usage', 'model', 'absent']);
          expect(JSON.stringify([found['usage'], found['model'], found['absent']])).toBe(JSON.stringify([usage, model, undefined]));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives what was complete of a small object that is cut', () => {
    expect(readTopLevel(Buffer.from('{"model":"m","usage":{"a":1'), ['model', 'usage'])).toEqual({ model: 'm' });
    expect(readTopLevel(Buffer.from('[1]'), ['model'])).toEqual({});
  });
});
