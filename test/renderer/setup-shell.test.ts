import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { codingTools } from '../../src-renderer/product/coding-tools.ts';
import { sdkTools } from '../../src-renderer/product/sdk-tools.ts';
import { quote, quotePowerShell, renderCommand, renderEnv, renderRun, type Shell } from '../../src-renderer/product/shell.ts';
import { guessShell } from '../../src-renderer/product/use-shell.ts';

const awkward = ['a b', "it's", '"$HOME"', '`id`', '$(id)', '\\', "\\'", '', '~', '=ls', '*', 'a;b', 'a&b', '#x', '!!', 'a\nb', 'ü “ ” ’'];
const plain = ['http://127.0.0.1:7979/v1', 'tk_ab-c', 'anthropic/claude-sonnet-4.6', 'llama3:8b', 'a=b', '-c', 'tk_····abcd'];

const renderFirst = (id: string, shell: Shell): string | undefined =>
  [...codingTools, ...sdkTools]
    .find((tool) => tool.id === id)
    ?.steps[0].render?.({ origin: 'http://127.0.0.1:7979', key: 'tk_test', model: 'demo/echo', shell });

/** `npm test` installs it where it may. */
const hasFish = spawnSync('fish', ['--version']).status === 0;

describe('a word', () => {
  it.skipIf(process.platform === 'win32').each([...plain, ...awkward])('sh reads %j as it is', (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quote('sh', text)}`], { encoding: 'utf8' })).toBe(text);
    const script = `${renderEnv('sh', { WORD: text })}\nprintf %s "$WORD"`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(text);
    const run = renderRun('sh', { WORD: text }, ['printenv', 'WORD']);
    expect(execFileSync('/bin/sh', ['-c', run], { encoding: 'utf8' })).toBe(`${text}\n`);
  });

  it.skipIf(!hasFish)('fish reads each of them as it is', { timeout: 30_000 }, () => {
    for (const text of [...plain, ...awkward]) {
      const fish = (script: string): string => execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
      expect(fish(`printf %s ${quote('fish', text)}`)).toBe(text);
      expect(fish(`${renderEnv('fish', { WORD: text })}\nprintf %s "$WORD"`)).toBe(text);
      expect(fish(renderRun('fish', { WORD: text }, ['printenv', 'WORD']))).toBe(`${text}\n`);
    }
  });

  it.each(plain)('%j needs no quotes in a command', (text) => {
    for (const shell of ['sh', 'fish', 'powershell'] as const) expect(quote(shell, text)).toBe(text);
  });

  it.each([
    ['a b', "'a b'"],
    ["it's", "'it\\'s'"],
    ['\\', "'\\\\'"],
    ['$HOME', "'$HOME'"],
    ['', "''"],
  ])('fish: %j becomes %s', (text, quoted) => {
    expect(quote('fish', text)).toBe(quoted);
  });

  it.each([
    ['tk_test', '"tk_test"'],
    ['a b', '"a b"'],
    ["it's", '"it\'s"'],
    ['\\', '"\\"'],
    ['', '""'],
    ['$HOME', "'$HOME'"],
    ['`n', "'`n'"],
    ['say "it\'s"', "'say \"it''s\"'"],
    ['“ ’', "'“ ’’'"],
  ])('PowerShell: %j becomes %s', (text, quoted) => {
    expect(quotePowerShell(text)).toBe(quoted);
  });
});

describe('lines', () => {
  const variables = { A: 'x', B: 'y z' };

  it('set variables', () => {
    expect(renderEnv('sh', variables)).toBe("export A=x\nexport B='y z'");
    expect(renderEnv('fish', variables)).toBe("set -gx A x\nset -gx B 'y z'");
    expect(renderEnv('powershell', variables)).toBe('$env:A = "x"\n$env:B = "y z"');
  });

  it('run a command with them', () => {
    expect(renderRun('sh', variables, ['run', '-m', 'a b'])).toBe("A=x B='y z' run -m 'a b'");
    expect(renderRun('fish', variables, ['run', '-m', 'a b'])).toBe("A=x B='y z' run -m 'a b'");
    expect(renderRun('powershell', variables, ['run', '-m', 'a b'])).toBe('$env:A = "x"; $env:B = "y z"; run -m "a b"');
    expect(renderCommand('powershell', ['run', 'a'])).toBe('run a');
  });

  it('of Codex hold no double quote inside a word for PowerShell, which would lose it', () => {
    expect(renderFirst('codex', 'powershell')).toContain("-c \"model_providers.tollgate={name='Tollgate',");
    expect(renderFirst('codex', 'sh')).toContain('-c \'model_providers.tollgate={name="Tollgate",');
  });

  it('of curl call something else in PowerShell', () => {
    expect(renderFirst('curl', 'powershell')).toMatch(/^Invoke-RestMethod http.* -Body '\{"model":"demo\/echo",/);
    expect(renderFirst('curl', 'fish')).toMatch(/^curl http.* -d '\{"model":"demo\/echo",/);
  });
});

it.each([
  ['Windows', 'powershell'],
  ['Win32', 'powershell'],
  ['macOS', 'sh'],
  ['Darwin', 'sh'],
  ['Linux x86_64', 'sh'],
  ['', 'sh'],
] as const)('on %s the first choice is %s', (platform, shell) => {
  expect(guessShell(platform)).toBe(shell);
});
