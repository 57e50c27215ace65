import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import { createErrorBurst } from '../../src-main/shell/error-burst.ts';
import { readShellOptions } from '../../src-main/shell/shell-options.ts';
import { defaultShellSettings, openShellSettings, parseShellSettings } from '../../src-main/shell/shell-settings.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

describe('shell settings', () => {
  it('keeps what was saved, readable by the user only', () => {
    const path = join(makeTemporaryFolder(), 'deep/shell.json');
    openShellSettings(path).save({ port: 8080, bounds: { x: 1, y: 2, width: 800, height: 600 } });
    expect(openShellSettings(path).read()).toEqual({
      port: 8080,
      notifications: false,
      maximised: false,
      bounds: { x: 1, y: 2, width: 800, height: 600 },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('takes nonsense for nothing', () => {
    for (const text of [
      null,
      '',
      'x',
      '[]',
      'null',
      '7',
      '{"port":-1}',
      '{"port":"1"}',
      '{"bounds":{"x":1}}',
      '{"bounds":{"x":1e9,"y":0,"width":1,"height":1}}',
    ]) {
      expect(parseShellSettings(text)).toEqual(defaultShellSettings);
    }
    const path = join(makeTemporaryFolder(), 'shell.json');
    writeFileSync(path, '{"port":80');
    expect(openShellSettings(path).read()).toEqual(defaultShellSettings);
    expect(readFileSync(path, 'utf8')).toBe('{"port":80');
  });
});

describe('shell options', () => {
  it('puts data where the CLI looks for it, and the profile inside', () => {
    expect(readShellOptions([], { HOME: '/home/a' }, null)).toMatchObject({ port: null, hidden: false, node: null, isTest: false });
    const environment = { TOLLGATE_DATA_DIR: '/data', TOLLGATE_NODE: 'node', HOME: '/home/a' };
    expect(readShellOptions(['.', '--hidden', '--port=0'], environment, null)).toMatchObject({
      dataDir: '/data',
      profileDir: '/data/window',
      port: 0,
      hidden: true,
      node: null,
    });
    expect(readShellOptions(['--data-dir', '/x', '--port', '99999'], environment, '/p')).toMatchObject({
      dataDir: '/x',
      profileDir: '/p',
      port: null,
    });
    expect(readShellOptions([], { HOME: '/home/a' }, '/p')).toMatchObject({ dataDir: '/p', profileDir: '/p' });
  });
});

describe('error burst', () => {
  it('speaks up for many failures in a minute, and not again for ten', () => {
    const read = createErrorBurst();
    const fail = (at: number): string | null =>
      read({ type: 'call-finished', at, call: { status: 'error', provider: 'openai', errorCode: 'rate_limited' } } as AdminEvent);
    expect([0, 20_000, 40_000, 61_000, 82_000].map(fail)).toEqual([null, null, null, null, null]);
    expect([83_000, 84_000, 85_000].map(fail)).toEqual([
      null,
      '5 calls failed within a minute, the last from openai (rate_limited).',
      null,
    ]);
    expect(fail(86_000)).toBeNull();
    expect(read({ type: 'gap', at: 0 })).toBeNull();
  });
});
