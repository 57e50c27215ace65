import { describe, expect, it } from 'vitest';
import { isInTrouble, renderTrayMenu, renderTrayTitle, type TrayState } from '../../src-main/shell/tray-menu.ts';

const usd = (amount: number): number => Math.round(amount * 1e9);
const sum = (amount: number, more: object = {}) => ({ calls: 3, costNanoUsd: usd(amount), unpriced: 0, estimated: 0, ...more });
const now = 1_800_000_000_000;
const nothing = { calls: 0, costNanoUsd: 0, unpriced: 0, estimated: 0 };

const quiet: TrayState = {
  gateway: 'running',
  failure: null,
  url: 'http://127.0.0.1:7979',
  now,
  today: nothing,
  week: nothing,
  models: [],
  budget: null,
  lastError: null,
  recording: 'full',
};
const busy: TrayState = {
  ...quiet,
  today: sum(3.42),
  week: sum(18.2),
  models: [
    { name: 'gemini-2.5-flash', ...sum(0.4) },
    { name: 'claude-sonnet-4-6', ...sum(2.1) },
    { name: 'gpt-5.4-mini', ...sum(0.61) },
    { name: 'fourth', ...sum(0.31) },
  ],
};
const labels = (state: TrayState): string[] => renderTrayMenu(state).map((item) => (item.separator ? '-' : item.label));
const actions = ['Copy base URL   http://127.0.0.1:7979/v1', 'Pause recording', 'Open Tollgate', 'Quit'];

describe('tray menu', () => {
  it('says of a budget no more than is known of the spend', () => {
    const head = (today: TrayState['today']) => labels({ ...quiet, today, budget: { limitNanoUsd: usd(10) } })[0];
    expect(head(sum(3.42, { unpriced: 1 }))).toBe('$3.42 + 1 unpriced today · ≥ 34 % of $10');
    expect(head(sum(0, { unpriced: 1 }))).toBe('unpriced today');
    expect(head(nothing)).toBe('$0.00 today · 0 % of $10');
  });

  it('shows spend, the three dearest models, the budget and the last error', () => {
    const lastError = { callId: 'call_1', at: now - 185_000, httpStatus: 429, errorCode: 'rate_limited', provider: 'OpenAI' };
    expect(labels({ ...busy, budget: { limitNanoUsd: usd(10) }, lastError })).toEqual([
      '$3.42 today · 34 % of $10',
      '$18.20 last 7 days',
      '-',
      'claude-sonnet-4-6   $2.10',
      'gpt-5.4-mini   $0.61',
      'gemini-2.5-flash   $0.40',
      '-',
      '⚠ 429 from OpenAI, 3 min ago',
      '-',
      ...actions,
    ]);
  });

  it('says $0.00 when there was nothing', () => {
    expect(labels(quiet)).toEqual(['$0.00 today', '$0.00 last 7 days', '-', ...actions]);
  });

  it('never shows an unknown cost as zero', () => {
    const unpriced = sum(0, { unpriced: 3 });
    expect(
      labels({ ...quiet, today: unpriced, week: sum(0.61, { unpriced: 1 }), models: [{ name: 'm', ...unpriced }] }).slice(0, 4),
    ).toEqual(['unpriced today', '$0.61 + 1 unpriced last 7 days', '-', 'm   unpriced']);
    expect(renderTrayTitle({ ...quiet, today: unpriced })).toBe('unpriced today');
    expect(labels({ ...quiet, today: sum(0.5, { estimated: 1 }) })[0]).toBe('≈ $0.50 today');
    expect(labels({ ...quiet, today: sum(0.00001) })[0]).toBe('<$0.0001 today');
  });

  it('leaves out what is not known yet', () => {
    expect(labels({ ...quiet, gateway: 'starting', url: null, today: null, week: null, recording: null })).toEqual([
      'Starting …',
      '-',
      'Open Tollgate',
      'Quit',
    ]);
  });

  it('forgets an error after an hour', () => {
    const lastError = { callId: 'call_1', at: now - 3_600_000, httpStatus: null, errorCode: 'upstream_unreachable', provider: null };
    expect(labels({ ...quiet, lastError }).join()).not.toContain('⚠');
    expect(isInTrouble({ ...quiet, lastError })).toBe(false);
    const fresh = { ...lastError, at: now - 1000 };
    expect(labels({ ...quiet, lastError: fresh })).toContain('⚠ upstream_unreachable, just now');
    expect(isInTrouble({ ...quiet, lastError: fresh })).toBe(true);
  });

  it('says that recording is paused, and offers to resume', () => {
    const paused = labels({ ...quiet, recording: 'off' });
    expect(paused[0]).toBe('Recording is paused');
    expect(paused).toContain('Resume recording');
    expect(labels({ ...quiet, recording: 'metadata' })).toContain('Pause recording');
  });

  it('keeps the numbers while the gateway restarts, and only the way back once it has failed', () => {
    expect(labels({ ...busy, gateway: 'restarting' }).slice(0, 2)).toEqual(['Restarting …', '$3.42 today']);
    expect(labels({ ...busy, gateway: 'failed', failure: 'Port 7979 is taken by nginx.' })).toEqual([
      'Tollgate is stopped',
      'Port 7979 is taken by nginx.',
      '-',
      'Start again',
      'Open Tollgate',
      'Quit',
    ]);
    expect(labels({ ...busy, gateway: 'stopping' })[0]).toBe('Finishing open answers …');
    expect(renderTrayTitle({ ...busy, gateway: 'failed' })).toBe('Tollgate is stopped');
  });

  it('starts and ends no menu with a separator, and never has two together', () => {
    for (const state of [quiet, busy, { ...quiet, today: null, week: null }, { ...busy, gateway: 'failed' as const }]) {
      expect(labels(state).join('|')).not.toMatch(/^-|-$|-\|-/);
    }
  });
});
