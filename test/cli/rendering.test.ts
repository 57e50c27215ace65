import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMoney, renderTotal } from '../../src-main/cli/money.ts';
import { renderPrintable, renderPrintableJson } from '../../src-main/cli/printable.ts';
import { parseSince } from '../../src-main/cli/time-range.ts';
import { resolveDataDir } from '../../src-main/machine/data-dir.ts';

describe('renderMoney', () => {
  it.each([
    [null, 'unpriced'],
    [0, '$0.00'],
    [1, '<$0.0001'],
    [99_999, '<$0.0001'],
    [100_000, '$0.0001'],
    [150_000, '$0.0002'],
    [250_000, '$0.0002'],
    [250_001, '$0.0003'],
    [41_200_000, '$0.0412'],
    [600_000_000, '$0.60'],
    [3_420_000_000, '$3.42'],
    [999_999_950_000, '$1,000.00'],
    [1_234_567_123_400_000, '$1,234,567.1234'],
    [Number.MAX_SAFE_INTEGER, '$9,007,199.2547'],
  ])('%s nano-dollars is %s', (nanoUsd, text) => expect(renderMoney(nanoUsd)).toBe(text));

  it('never shows zero for something', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (nanoUsd) => renderMoney(nanoUsd) !== '$0.00'));
  });
});

describe('renderTotal', () => {
  const total = (costNanoUsd: number, calls: number, unpriced: number, estimated = 0) =>
    renderTotal({ costNanoUsd, calls, unpriced, estimated });

  it('says what it does not know', () => {
    expect(total(610_000_000, 10, 0)).toBe('$0.61');
    expect(total(610_000_000, 10, 3)).toBe('$0.61 + 3 unpriced');
    expect(total(610_000_000, 10, 3, 1)).toBe('≈ $0.61 + 3 unpriced');
    expect(total(0, 3, 3)).toBe('unpriced');
    expect(total(0, 4, 3)).toBe('$0.00 + 3 unpriced');
    expect(total(0, 0, 0)).toBe('$0.00');
  });
});

describe('E6: renderPrintable', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  const acting = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
  const hostile = fc.string({
    unit: fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('\u001b', '\u009b', '\u202e', '\n', 'a', '🙂'),
    ),
  });

  it('leaves nothing that acts on a terminal, and no lone surrogate', () => {
    fc.assert(
      fc.property(hostile, (text) => !acting.test(renderPrintable(text)) && renderPrintable(text).isWellFormed()),
      { numRuns: 1000 },
    );
  });

  it('leaves ordinary text alone', () => expect(renderPrintable('Größe 大きい 👩‍💻 "x" \\n')).toBe('Größe 大きい 👩‍💻 "x" \\n'));

  it('as JSON means the same', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = renderPrintableJson({ [text]: text });
        expect(json.replaceAll('\n', '')).not.toMatch(acting);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
    );
  });
});

describe('parseSince', () => {
  const now = new Date(2026, 10, 20, 15, 30).getTime();

  it('reads spans, names and dates', () => {
    expect(parseSince('7d', now)).toBe(now - 7 * 86_400_000);
    expect(parseSince('24h', now)).toBe(now - 86_400_000);
    expect(parseSince('2w', now)).toBe(now - 14 * 86_400_000);
    expect(parseSince('today', now)).toBe(new Date(2026, 10, 20).getTime());
    expect(parseSince('month', now)).toBe(new Date(2026, 10, 1).getTime());
    expect(parseSince('2026-02-28', now)).toBe(new Date(2026, 1, 28).getTime());
  });

  it.each(['', '7', 'd', '7 d', '-7d', '99999d', '2026-13-01', '2026-02-30', '2026-1-1', 'tomorrow'])('refuses %j', (text) => {
    expect(() => parseSince(text, now)).toThrow('is not a period');
  });
});

describe('resolveDataDir', () => {
  it('follows each system', () => {
    expect(resolveDataDir({ HOME: '/home/u' }, 'linux')).toBe('/home/u/.local/share/tollgate');
    expect(resolveDataDir({ HOME: '/home/u', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/tollgate');
    expect(resolveDataDir({ HOME: '/home/u', XDG_DATA_HOME: 'relative' }, 'linux')).toBe('/home/u/.local/share/tollgate');
    expect(resolveDataDir({ HOME: '/Users/u' }, 'darwin')).toBe('/Users/u/Library/Application Support/Tollgate');
    expect(resolveDataDir({ LOCALAPPDATA: 'C:\\Users\\u\\AppData\\Local' }, 'win32')).toBe('C:\\Users\\u\\AppData\\Local\\Tollgate');
    expect(resolveDataDir({ USERPROFILE: 'C:\\Users\\u' }, 'win32')).toBe('C:\\Users\\u\\AppData\\Local\\Tollgate');
  });
});
