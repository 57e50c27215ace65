import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { makeCall } from '../support/admin-fakes.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { type CliResult, cliEntry, makeDataDir, runCliProcess, spawnCli } from '../support/cli-process.ts';

let listener: AdminListener;
let dataDir: { path: string; remove(): Promise<void> };
beforeEach(async () => {
  listener = await openAdminListener();
  dataDir = await makeDataDir({ url: listener.url, adminToken: testAdminToken });
});
afterEach(async () => {
  await listener.close();
  await dataDir.remove();
});

const run = (args: string[], input = '', environment: Record<string, string> = {}): Promise<CliResult> =>
  runCliProcess(['--data-dir', dataDir.path, ...args], { input, environment });
const done = (stdout: string, stderr = ''): CliResult => ({ code: 0, stdout, stderr });

describe('tollgate status', () => {
  it('says what runs', async () => {
    const { code, stdout } = await run(['status']);
    expect(code).toBe(0);
    expect(stdout).toContain(`0.1.0-test at ${listener.url} (pid ${process.pid}`);
    expect(stdout).toContain('Keys kept in  Key file: locked. Not protected from programs running as you.');
    expect(stdout).toContain('Providers     none set up: add one with "tollgate provider add"');
    expect(stdout).toContain('Today         $0.00 in 0 calls, 0 failed');
  });

  it('--json prints the reply of the API', async () => {
    const { stdout } = await run(['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ url: listener.url, vault: { kind: 'file' } });
  });

  it('takes --data-dir after the command and finds the folder by XDG_DATA_HOME', async () => {
    expect((await runCliProcess(['status', '--data-dir', dataDir.path])).code).toBe(0);
    const { stderr } = await runCliProcess(['status'], { environment: { XDG_DATA_HOME: dataDir.path } });
    expect(stderr).toContain(join(dataDir.path, 'tollgate'));
  });
});

describe('tollgate vault', () => {
  it('moves the key that seals the others, and unlocks it with the passphrase from standard input', async () => {
    const note = 'Not protected from programs running as you.\n';
    expect(await run(['vault', 'move', 'passphrase'], 'correct horse\n')).toEqual(done('Keys are kept in: Key file.\n', note));
    expect(listener.services.state).toMatchObject({ vaultKind: 'passphrase', passphrase: 'correct horse' });
    const refused = await run(['vault', 'unlock'], 'incorrect horse\n');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('The passphrase is wrong.');
    expect((await run(['vault', 'unlock'], 'correct horse\n')).code).toBe(0);
    expect(await run(['vault', 'move', 'file'])).toEqual(done('Keys are kept in: Key file.\n', note));
    expect(listener.services.state).toMatchObject({ vaultKind: 'file', passphrase: null });
  });

  it('takes no unknown place, no empty passphrase, and none from the command line', async () => {
    expect((await run(['vault', 'move', 'cloud'])).stderr).toContain('keyring, passphrase, file');
    expect((await run(['vault', 'move', 'passphrase'], '\n')).stderr).toContain('no passphrase on standard input');
    expect((await run(['vault', 'move', 'passphrase', 'correct horse'])).code).not.toBe(0);
    expect(listener.services.state.vaultKind).toBe('file');
  });
});

describe('tollgate open', () => {
  const exchange = (url: string) =>
    fetch(`${listener.url}/admin/ui-session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: new URL(url).hash.replace('#code=', '') }),
    });

  it('--print gives an address whose code works', async () => {
    const { stdout } = await run(['open', '--print']);
    expect(stdout).toMatch(new RegExp(`^${listener.url}/#code=[\\w-]{27}\\n$`));
    expect((await exchange(stdout.trim())).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('hands the address to the browser and prints it nowhere', async () => {
    const opener = join(dataDir.path, 'xdg-open');
    await writeFile(opener, `#!/bin/sh\nprintf %s "$1" > "${join(dataDir.path, 'opened')}"\n`);
    await chmod(opener, 0o755);
    expect(await run(['open'], '', { PATH: dataDir.path })).toEqual(done('', `Opened ${listener.url}/ in the browser.\n`));
    expect((await exchange(await readFile(join(dataDir.path, 'opened'), 'utf8'))).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('prints the address where there is no browser', async () => {
    expect((await run(['open'], '', { PATH: '/nonexistent' })).stdout).toContain('/#code=');
  });
});

describe('tollgate key', () => {
  it('create prints the key alone on standard output', async () => {
    const result = await run([
      'key',
      'create',
      '--name',
      'ci',
      '--tag',
      'env:ci',
      '--tag',
      'Team: ml-ops',
      '--model',
      'gpt-*',
      '--provider',
      'openai',
    ]);
    expect(result).toMatchObject({
      code: 0,
      stdout: 'tk_test_key_1_0123456789abcdef\n',
      stderr: expect.stringContaining('not shown again'),
    });
    expect(listener.services.state.keys[0]).toMatchObject({
      name: 'ci',
      tags: { env: 'ci', team: 'ml-ops' },
      scope: { models: ['gpt-*'], providers: ['openai'] },
    });
  });

  it('list shows aligned columns, --json the reply, revoke takes effect', async () => {
    expect((await run(['key', 'list'])).stdout).toContain('tollgate key create');
    await listener.services.callerKeys.create({ name: 'ci', tags: { env: 'ci' } });
    await listener.services.callerKeys.create({ name: 'a longer name', scope: { models: ['gpt-*'] } });
    expect(await run(['key', 'revoke', 'key_2'])).toEqual(done('Revoked key_2 (a longer name).\n'));
    expect((await run(['key', 'list'])).stdout).toBe(
      [
        'ID     NAME           KEY    TAGS    ALLOWED     LAST USED  STATE',
        'key_1  ci             …cdef  env:ci  everything  never      active',
        'key_2  a longer name  …cdef  -       gpt-*       never      revoked',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run(['key', 'list', '--json'])).stdout).items[1]).toMatchObject({
      id: 'key_2',
      revokedAt: listener.services.state.now,
    });
  });

  it('refuses what it cannot read, with exit code 2, and passes on what the gateway refuses, with 1', async () => {
    expect(await run(['key', 'create'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--name') });
    expect(await run(['key', 'create', '--name', 'x', '--tag', 'team'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('key:value'),
    });
    expect(await run(['key', 'revoke', 'key_9'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tollgate: There is no caller key "key_9". (not_found)\n',
    });
  });
});

describe('tollgate provider', () => {
  it('B9: add reads the key from standard input', async () => {
    const result = await run(
      ['provider', 'add', 'openai', '--name', 'Work', '--base-url', 'http://127.0.0.1:9/v1', '--model', 'a', '--model', 'b'],
      'sk-canary-1234\n',
    );
    expect(result).toEqual(done('Saved openai: it works, 3 models, answered in 12 ms.\n'));
    expect(listener.services.state.providerKeys.get('openai')).toBe('sk-canary-1234');
    expect(listener.services.state.providers.get('openai')).toMatchObject({
      name: 'Work',
      baseUrl: 'http://127.0.0.1:9/v1',
      models: ['a', 'b'],
    });
  });

  it('B9: or from a named environment variable, and has no option for it', async () => {
    const environment = { MY_KEY: 'sk-canary-5678' };
    expect(
      await run(['provider', 'add', 'xai', '--dialect', 'openai-chat', '--key-from-env', 'MY_KEY', '--no-test'], '', environment),
    ).toEqual(done('Saved xai, not tested.\n'));
    expect(listener.services.state.providerKeys.get('xai')).toBe('sk-canary-5678');
    expect((await run(['provider', 'add', 'xai', '--key', 'sk-canary'])).code).toBe(2);
  });

  it.runIf(process.platform === 'linux')('asks at a terminal without showing what is typed', async () => {
    const command = `"${process.execPath}" "${cliEntry}" --data-dir "${dataDir.path}" provider add openai`;
    const terminal = promisify(execFile)('script', ['-qec', command, '/dev/null'], { env: { PATH: process.env['PATH'], TERM: 'xterm' } });
    // Typed ahead, a terminal would echo it by itself: wait for the prompt.
    let seen = '';
    terminal.child.stdout?.on('data', (chunk: string) => {
      if (!seen.includes('not shown') && (seen + chunk).includes('not shown')) terminal.child.stdin?.write('sk-canary-tty\r');
      seen += chunk;
    });
    const { stdout } = await terminal;
    expect(stdout).toContain('Key for openai (not shown): ');
    expect(stdout).toContain('Saved openai: it works');
    expect(stdout).not.toContain('canary');
    expect(listener.services.state.providerKeys.get('openai')).toBe('sk-canary-tty');
  });

  it('says when there is no key', async () => {
    expect(await run(['provider', 'add', 'openai'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no key on standard input'),
    });
    expect(await run(['provider', 'add', 'openai', '--key-from-env', 'NOPE'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('NOPE'),
    });
    expect(await run(['provider', 'add', 'local', '--no-key', '--model', 'llama3.2'])).toMatchObject({ code: 0 });
    expect(listener.services.state.providerKeys.size).toBe(0);
  });

  it('reports a failed test with exit code 1', async () => {
    const failure = { code: 1, stderr: 'tollgate: openai does not work: The provider refused the key. (upstream_auth)\n' };
    expect(await run(['provider', 'add', 'openai'], 'bad-key')).toMatchObject(failure);
    expect(await run(['provider', 'test', 'openai'])).toMatchObject(failure);
    const { code, stdout } = await run(['provider', 'test', 'openai', '--json']);
    expect([code, JSON.parse(stdout).errorCode]).toEqual([1, 'upstream_auth']);
  });

  it('lists, tests and removes', async () => {
    expect((await run(['provider', 'list'])).stdout).toBe(
      [
        'ID      NAME    SPEAKS       KEY      MODELS  BASE URL                   STATE',
        'openai  OpenAI  openai-chat  missing       -  https://api.openai.com/v1  built-in',
        '',
      ].join('\n'),
    );
    expect(await run(['provider', 'test', 'openai'])).toEqual(done('openai works, 1 models, answered in 12 ms.\n'));
    expect(await run(['provider', 'remove', 'openai'])).toEqual(done('Removed openai.\n'));
    expect(JSON.parse((await run(['provider', 'list', '--json'])).stdout)).toEqual({ items: [] });
    expect((await run(['provider', 'remove', 'openai'])).code).toBe(1);
  });
});

describe('tollgate spend', () => {
  beforeEach(async () => {
    const recently = Date.now() - 3_600_000;
    const add = (n: number, change: Parameters<typeof makeCall>[1]) =>
      listener.services.state.calls.push(makeCall(n, { startedAt: recently, ...change }));
    await listener.services.callerKeys.create({ name: 'ci' });
    add(1, { tags: { team: 'ml-ops' }, costNanoUsd: 1_234_567_890_000 });
    add(2, { tags: { team: 'ml-ops' }, costNanoUsd: null, status: 'error' });
    add(3, { model: 'tiny', costNanoUsd: 50_000 });
    add(4, { model: 'llama3.2', provider: 'local', costNanoUsd: null });
    add(5, { startedAt: Date.now() - 40 * 86_400_000 });
  });

  it('shows what is known and what is not, per model', async () => {
    expect((await run(['spend'])).stdout).toBe(
      [
        'MODEL         CALLS  FAILED  INPUT  CACHED  OUTPUT                     SPEND',
        'gpt-5.4-mini      2       1  2,000     0 %     400  $1,234.5679 + 1 unpriced',
        'tiny              1       0  1,000     0 %     200                  <$0.0001',
        'llama3.2          1       0  1,000     0 %     200                  unpriced',
        'total             4       1  4,000     0 %     800  $1,234.5679 + 2 unpriced',
        '',
      ].join('\n'),
    );
  });

  it('groups by tag and caller, filters by tag, and goes back as far as asked', async () => {
    expect((await run(['spend', '--by', 'tag:team', '--since', 'today'])).stdout).toMatch(/^TAG:TEAM .*\nml-ops .*\n\(none\) /);
    expect((await run(['spend', '--by', 'caller'])).stdout).toContain('ci (key_1)');
    expect(JSON.parse((await run(['spend', '--tag', 'team:ml-ops', '--json'])).stdout).totals.calls).toBe(2);
    expect(JSON.parse((await run(['spend', '--since', '2020-01-01', '--json'])).stdout).totals.calls).toBe(5);
    expect((await run(['spend', '--tag', 'team:none'])).stdout).toBe('No calls in this period, demo calls aside.\n');
  });

  it.each([['--since', 'yesterday'], ['--since', '2026-02-30'], ['--by', 'mood'], ['--nonsense']])('refuses %s %s', async (...args) => {
    expect((await run(['spend', ...args])).code).toBe(2);
  });
});

describe('tollgate calls', () => {
  it('lists the newest first, across pages', async () => {
    for (let n = 1; n <= 510; n++) listener.services.state.calls.push(makeCall(n));
    const two = await run(['calls', '--limit', '2']);
    expect(two.stdout).toBe(
      [
        'TIME                 ID                STATUS  MODEL                   IN  OUT   TOOK     COST',
        `2026-11-20 09:08:30  ${renderCallId(510)}  ok      openai/gpt-5.4-mini  1,000  200  1.2 s  $0.0412`,
        `2026-11-20 09:08:29  ${renderCallId(509)}  ok      openai/gpt-5.4-mini  1,000  200  1.2 s  $0.0412`,
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run(['calls', '--limit', '505', '--json'])).stdout).items.length).toBe(505);
    expect((await run(['calls', '--limit', '0'])).code).toBe(2);
  });

  it('shows unknown as unknown', async () => {
    const nothing = { inputUncached: null, outputText: null };
    const call = makeCall(1);
    listener.services.state.calls.push({
      ...call,
      ...{ provider: null, model: null, requestedModel: 'what', durationMs: null, costNanoUsd: null },
      usage: { ...call.usage, ...nothing },
    });
    expect((await run(['calls'])).stdout).toMatch(/ what +- +- +- +unpriced\n$/);
  });

  it('E6: nothing in a field acts on the terminal', async () => {
    const hostile = 'a\u001b[2J\u001b]52;c;ZXZpbA==\u0007\r\nb\u0085c\u009b2Jd\u202ee\u2066f\u2028g\u200fh\ufeffi\tj\u007f';
    listener.services.state.calls.push(
      makeCall(1, { provider: hostile, model: hostile, errorCode: hostile, tags: { [hostile]: hostile } }),
    );
    await listener.services.callerKeys.create({ name: hostile, tags: { [hostile]: hostile } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
    for (const args of [
      ['calls'],
      ['calls', '--json'],
      ['key', 'list'],
      ['key', 'list', '--json'],
      ['key', 'revoke', 'key_1'],
      ['spend', '--since', '2020-01-01'],
      ['key', 'revoke', hostile],
    ]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr, args[0]).not.toMatch(acting);
    }
    const { stdout } = await run(['calls']);
    expect(stdout).toContain('a\\u001b[2J');
    expect(stdout.trim().split('\n').length).toBe(2);
    expect(JSON.parse((await run(['calls', '--json'])).stdout).items[0].model).toBe(hostile);
  });

  it('--follow shows each call as it ends, once, and says when Tollgate stops', async () => {
    listener.services.state.calls.push(makeCall(1), makeCall(2));
    const child = spawnCli(['--data-dir', dataDir.path, 'calls', '--follow', '--json']);
    const ids: string[] = [];
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let pending = '';
    for await (const chunk of child.stdout) {
      pending += String(chunk);
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) ids.push(JSON.parse(line).id);
      if (ids.length === 2 && lines.length > 0) {
        for (const n of [2, 3]) listener.services.events.publish(() => ({ type: 'call-finished', at: n, call: makeCall(n) }));
      }
      if (ids.length === 3) await listener.close();
    }
    expect(ids).toEqual([1, 2, 3].map(renderCallId));
    expect(await exit).toBe(1);
    expect(stderr).toBe('tollgate: Tollgate has stopped.\n');
  });

  it('is not upset when its reader goes away', async () => {
    for (let n = 1; n <= 400; n++) listener.services.state.calls.push(makeCall(n));
    const child = spawnCli(['--data-dir', dataDir.path, 'calls', '--limit', '400']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('tollgate price', () => {
  it('sets, replaces, lists and removes', async () => {
    expect(await run(['price', 'set', 'local/llama*', '--free'])).toMatchObject({ code: 0 });
    expect(await run(['price', 'set', 'openai/gpt-x', '--input', '3', '--output', '15'])).toEqual(
      done('Set the price of openai/gpt-x: 1,000 input + 1,000 output tokens cost $0.018.\n'),
    );
    await run(['price', 'set', 'openai/gpt-x', '--input', '2.5', '--output', '10', '--cache-read', '0.25']);
    expect(listener.services.state.overrides).toEqual([
      { match: 'local/llama*', free: true },
      { match: 'openai/gpt-x', input: '2.5', output: '10', cacheRead: '0.25' },
    ]);
    expect((await run(['price', 'list'])).stdout).toBe(
      [
        'MODEL                INPUT  OUTPUT  CACHE READ  CACHE WRITE  REASONING  VALID',
        'local/llama* (free)      -       -           -            -          -  always',
        'openai/gpt-x           2.5      10        0.25            -          -  always',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run(['price', 'list', '--json'])).stdout).items.length).toBe(2);
    expect(await run(['price', 'remove', 'local/llama*'])).toMatchObject({ code: 0 });
    expect(listener.services.state.overrides.length).toBe(1);
    expect((await run(['price', 'remove', 'nothing'])).code).toBe(1);
  });

  it.each([
    [['x']],
    [['x', '--input', 'three']],
    [['x', '--input', '0.0000003']],
    [['x', '--input', '-1']],
    [['x', '--free', '--valid-from', 'soon']],
  ])('refuses %j', async (args) => {
    expect((await run(['price', 'set', ...args])).code).toBe(2);
    expect(listener.services.state.overrides).toEqual([]);
  });
});
