import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyringState } from '../support/keyring-session.ts';
import { runInKeyringSession } from '../support/keyring-session.ts';

const child = join(import.meta.dirname, 'vault-child.ts');
const secret = 'sk-test-0123456789abcdef0123456789';
let dir: string;
let home: string;
let otherHome: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tollgate-vault-'));
  home = mkdtempSync(join(tmpdir(), 'tollgate-home-'));
  otherHome = mkdtempSync(join(tmpdir(), 'tollgate-home-'));
});

afterEach(() => {
  for (const folder of [dir, home, otherHome]) rmSync(folder, { recursive: true, force: true });
});

async function run(state: KeyringState, args: readonly string[] = [], from = home) {
  const result = await runInKeyringSession({ state, home: from, command: [process.execPath, child, dir, ...args] });
  expect(result.exitCode, result.stderr).toBe(0);
  return JSON.parse(result.stdout);
}

const save = ['save', 'openai', secret];
const readSealed = () => readFileSync(join(dir, 'sealed.json'), 'utf8');

describe('G3: an unlocked keyring', () => {
  it('keeps the master key as one item, and a later process reads the secrets back', async () => {
    const first = await run('unlocked', save);
    expect(first).toMatchObject({ openedState: 'empty', state: 'open', saveError: null, notice: null });
    expect(first.backend.kind).toBe('keyring');
    expect(readSealed()).not.toContain(secret);
    const second = await run('unlocked');
    expect(second).toMatchObject({ openedState: 'open', openai: secret, reason: null });
  });

  it('survives a rotation of the master key', async () => {
    await run('unlocked', save);
    const before = readSealed();
    await run('unlocked', ['rotate']);
    expect(readSealed()).not.toBe(before);
    expect(await run('unlocked')).toMatchObject({ state: 'open', openai: secret });
  });
});

describe('G3: a keyring that cannot be used, with secrets stored', () => {
  it.each([
    ['no-bus', 'locked', 'keyring_absent', /passphrase/],
    ['no-service', 'locked', 'keyring_no_service', /set up/],
    ['no-collection', 'wiped', 'keyring_wiped', /Restore the keychain/],
    ['locked', 'locked', 'keyring_locked', /Unlock it/],
    ['unanswering', 'locked', 'keyring_timeout', /Answer the prompt/],
  ] as const)('%s: starts %s within 5 s with %s, the ciphertexts untouched', async (state, opened, code, nextStep) => {
    await run('unlocked', save);
    const before = readSealed();
    const report = await run(state, [], state === 'no-collection' ? otherHome : home);
    expect(report).toMatchObject({ openedState: opened, reason: code, openai: null });
    expect(report.message).toMatch(nextStep);
    expect(report.openMs).toBeLessThan(5_000);
    expect(readSealed()).toBe(before);
    expect(await run('unlocked')).toMatchObject({ state: 'open', openai: secret });
  });

  it('wiped: never makes a new master key over existing ciphertexts, and a restored keyring opens them', async () => {
    await run('unlocked', save);
    const before = readSealed();
    const wiped = await run('unlocked', ['save', 'anthropic', secret], otherHome);
    expect(wiped).toMatchObject({ openedState: 'wiped', reason: 'keyring_wiped', saveError: 'vault_unavailable' });
    expect(readSealed()).toBe(before);
    expect(await run('unlocked')).toMatchObject({ state: 'open', openai: secret });
  });
});

describe('G3: the first secret where there is no usable keyring', () => {
  it.each([
    ['no-bus', 'keyring_absent'],
    ['no-service', 'keyring_no_service'],
    ['no-collection', 'keyring_no_service'],
  ] as const)('%s on a desktop: refuses with %s and writes no key file', async (state, code) => {
    expect(await run(state, save)).toMatchObject({ state: 'empty', saveError: code, reason: code });
    expect(existsSync(join(dir, 'vault.key'))).toBe(false);
  });

  it('no-bus, headless: takes the key file and says what it is', async () => {
    const report = await run('no-bus', ['--headless', ...save]);
    expect(report).toMatchObject({ state: 'open', openai: secret, backend: { kind: 'file' } });
    expect(report.backend.label).toMatch(/not protected from programs running as you/);
    expect(report.notice).toMatch(/^The keychain is not used\..*every program running as you can read/);
    expect(await run('no-bus', ['--headless'])).toMatchObject({ state: 'open', openai: secret });
  });

  it('no-bus with a passphrase: seals by it and needs it again', async () => {
    const given = ['--passphrase', 'correct horse'];
    expect(await run('no-bus', [...given, '--headless', ...save])).toMatchObject({ state: 'open', backend: { kind: 'passphrase' } });
    expect(await run('no-bus', ['--headless'])).toMatchObject({ state: 'locked', reason: 'passphrase_missing' });
    expect(await run('no-bus', ['--passphrase', 'wrong'])).toMatchObject({ state: 'locked', reason: 'passphrase_wrong' });
    expect(await run('no-bus', given)).toMatchObject({ state: 'open', openai: secret });
  });

  it('locked, headless: a keyring that exists is not passed over for a key file', async () => {
    await run('unlocked', ['save', 'openai', secret]);
    rmSync(join(dir, 'sealed.json'));
    const report = await run('locked', ['--headless', ...save]);
    expect(report).toMatchObject({ state: 'empty', saveError: 'keyring_locked' });
    expect(existsSync(join(dir, 'vault.key'))).toBe(false);
  });
});
