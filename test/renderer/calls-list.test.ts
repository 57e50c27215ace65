import { describe, expect, it } from 'vitest';
import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../src-main/contract/entities.ts';
import { filterToQuery, isEmptyFilter, matchesFilter, readFilter, withTag } from '../../src-renderer/features/calls/call-filter.ts';
import { renderCurl, renderPath, renderPython } from '../../src-renderer/features/calls/copy-as.ts';
import { readCostLines, readUncachedCost, renderRate, sumPicoUsd } from '../../src-renderer/features/calls/cost-lines.ts';
import { addEvents, mergeRows } from '../../src-renderer/features/calls/live-rows.ts';
import { tokensPerSecond } from '../../src-renderer/product/usage-sums.ts';
import { renderPicoUsd } from '../../src-renderer/ui/render-pico-usd.ts';
import { divideIntoRows, findAll } from '../../src-renderer/ui/text-rows.ts';

const call = (id: string, more: Partial<CallSummary> = {}) =>
  ({
    id,
    startedAt: 1000,
    status: 'ok',
    model: 'm',
    provider: 'p',
    tags: {},
    callerKeyId: null,
    conversationId: null,
    ...more,
  }) as CallSummary;
const finished = (row: CallSummary): AdminEvent => ({ type: 'call-finished', at: 1, call: row });
const started = (row: CallSummary): AdminEvent => ({ type: 'call-started', at: 1, call: row as never });
const everything = readFilter(new URLSearchParams());

describe('filter', () => {
  it('reads the address and asks for what it says', () => {
    const filter = readFilter(new URLSearchParams('status=error&tag=a:b&tag=c&from=12&to=x&model='));
    expect(filterToQuery(filter)).toEqual({ status: 'error', tag: ['a:b', 'c'], from: 12 });
    expect(isEmptyFilter(everything)).toBe(true);
  });

  it('says of a live call whether it belongs', () => {
    const tagged = readFilter(new URLSearchParams('tag=a:b:c&tag=d'));
    expect(matchesFilter(call('1', { tags: { a: 'b:c', d: '' } }), tagged)).toBe(true);
    expect(matchesFilter(call('1', { tags: { a: 'b:c' } }), tagged)).toBe(false);
    expect(matchesFilter(call('1'), readFilter(new URLSearchParams('search=x')))).toBeNull();
  });

  it('adds and takes out one tag', () => {
    const both = withTag(new URLSearchParams('tag=a&x=1'), 'b', true);
    expect(both.getAll('tag')).toEqual(['a', 'b']);
    expect(withTag(both, 'a', false).toString()).toBe('x=1&tag=b');
  });
});

describe('filter by error', () => {
  it('is read from the address, asked for, and holds for live calls', () => {
    const filter = readFilter(new URLSearchParams('errorCode=upstream_auth&httpStatus=502'));
    expect(filterToQuery(filter)).toEqual({ errorCode: 'upstream_auth', httpStatus: 502 });
    expect(matchesFilter(call('1', { errorCode: 'upstream_auth', httpStatus: 502 }), filter)).toBe(true);
    expect(matchesFilter(call('1', { errorCode: 'upstream_auth', httpStatus: 401 }), filter)).toBe(false);
    expect(matchesFilter(call('1', { errorCode: null, httpStatus: 502 }), filter)).toBe(false);
    expect(readFilter(new URLSearchParams('httpStatus=nine')).httpStatus).toBeNull();
  });
});

describe('cost without a cache', () => {
  const usage = (buckets: Record<string, number>) => ({ ...buckets, flags: [] }) as unknown as CallSummary['usage'];
  const line = (bucket: string, quantity: number, amountPicoUsd: string) => ({
    bucket,
    quantity,
    rateLabel: '',
    amountPicoUsd,
    tier: 'base',
  });
  const row = { rates: { inputUncached: '0.75', inputCacheRead: '0.075', inputCacheWrite5m: '0.9375' } };

  it('puts the rate of ordinary input in the place of those of cached input', () => {
    const lines = [line('inputUncached', 60, '45000000'), line('inputCacheRead', 40, '3000000'), line('outputText', 20, '90000000')];
    const used = usage({ inputUncached: 60, inputCacheRead: 40, outputText: 20 });
    expect(readUncachedCost(lines, used, row)).toEqual({ picoUsd: '165000000', savedPicoUsd: 27_000_000n });
    const written = [line('inputCacheWrite5m', 100, '93750000')];
    expect(readUncachedCost(written, usage({ inputCacheWrite5m: 100 }), row)?.savedPicoUsd).toBe(-18_750_000n);
  });

  it('is unknown without the rate, with a bucket that has none, and nothing to say where nothing was cached', () => {
    const read = [line('inputCacheRead', 40, '3000000')];
    expect(readUncachedCost(read, usage({ inputCacheRead: 40 }), { rates: {} })).toBeNull();
    expect(readUncachedCost(read, usage({ inputCacheRead: 40, outputText: 5 }), row)).toBeNull();
    expect(readUncachedCost([line('inputUncached', 60, '45000000')], usage({ inputUncached: 60 }), row)).toBeNull();
    expect(readUncachedCost(read, usage({ inputCacheRead: 40 }), null)).toBeNull();
  });
});

describe('live rows', () => {
  it('shows a running call and puts the finished one in its place', () => {
    const running = addEvents(new Map(), [started(call('1', { provider: null }))], everything);
    expect(running.get('1')).toMatchObject({ status: 'started', costNanoUsd: null });
    const done = addEvents(running, [finished(call('1'))], everything);
    expect(mergeRows([call('0')], done, null).rows.map(({ id, status }) => [id, status])).toEqual([
      ['1', 'ok'],
      ['0', 'ok'],
    ]);
  });

  it('holds newer calls back, but lets those in sight change', () => {
    const live = addEvents(new Map(), [finished(call('0', { status: 'error' })), finished(call('2', { startedAt: 2000 }))], everything);
    const { rows, held } = mergeRows([call('0', { status: 'started' })], live, 1500);
    expect(held).toBe(1);
    expect(rows).toMatchObject([{ id: '0', status: 'error' }]);
  });

  it('takes out what no longer matches', () => {
    const filter = readFilter(new URLSearchParams('status=started'));
    const live = addEvents(new Map(), [started(call('1'))], filter);
    expect(live.size).toBe(1);
    expect(addEvents(live, [finished(call('1'))], filter).size).toBe(0);
  });
});

describe('cost', () => {
  it('reads lines and sums them exactly', () => {
    const lines = readCostLines([
      { bucket: 'inputUncached', quantity: 120, rateLabel: '3', amountPicoUsd: '360000000', tier: 'base' },
      { bucket: 'webSearches', quantity: 1, rateLabel: '0.01', amountPicoUsd: '10000000000', tier: 'base' },
      { odd: true },
    ]);
    expect(lines.map(renderRate)).toEqual(['$3 / 1M', '$0.01 / search']);
    expect(renderPicoUsd(sumPicoUsd(lines))).toBe('$0.01036');
    expect(renderPicoUsd('12000000000001')).toBe('$12.000000000001');
    expect(renderPicoUsd('0')).toBe('$0.00');
  });

  it('knows no speed where it cannot be said', () => {
    const usage = { outputText: 100, outputReasoning: null, outputAudio: null } as CallSummary['usage'];
    expect(tokensPerSecond({ usage, durationMs: 3000, firstByteMs: 1000, stream: true })).toBe(50);
    expect(tokensPerSecond({ usage, durationMs: 3000, firstByteMs: 1000, stream: false })).toBeNull();
  });
});

describe('copy as', () => {
  it('names the variable in the place of a key and quotes what it must', () => {
    const request = { origin: 'http://127.0.0.1:1', path: '/v1/messages', body: `{"a":"it's $HOME"}` };
    expect(renderCurl(request)).toContain(`--data-raw '{"a":"it'\\''s $HOME"}'`);
    expect(renderCurl(request)).toContain('$TOLLGATE_KEY');
    expect(renderPython(request)).toContain("os.environ['TOLLGATE_KEY']");
  });

  it('puts a Gemini model into the path', () => {
    expect(renderPath({ endpoint: 'gemini-generate', requestedModel: 'gemini/a b', stream: true })).toBe(
      '/v1beta/models/gemini/a%20b:streamGenerateContent?alt=sse',
    );
    expect(renderPath({ endpoint: 'audio', requestedModel: 'x', stream: false })).toBeNull();
  });
});

describe('text rows', () => {
  it('gives the text again, row by row', () => {
    const rows = divideIntoRows('abcdef\n\nxy\r\n', 4);
    expect(Array.from({ length: rows.count }, (_, n) => rows.row(n))).toEqual(['abcd', 'ef', '', 'xy', '']);
    expect([0, 4, 7, 8].map((offset) => rows.rowAt(offset))).toEqual([0, 1, 2, 3]);
  });

  it('finds places whatever their case, and takes the needle literally', () => {
    expect(findAll('a.B a.b axb', 'a.b')).toEqual([0, 4]);
  });
});
