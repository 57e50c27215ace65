import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/store/database.ts';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import type { KeychainVisit } from '../support/keychain-visit-child.ts';
import { type KeyringState, runInKeyringSession } from '../support/keyring-session.ts';
import { spawnServe } from '../support/serve-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const child = join(import.meta.dirname, '../support/keychain-visit-child.ts');
const key = 'sk-canary-keychain-0123456789abcdef';
let upstream: FakeUpstream;
/** A start that touches no keychain: what this machine, however busy, takes by itself. */
let plainStartMs: number;
beforeAll(async () => {
  upstream = await openFakeUpstream();
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const serve = await spawnServe({ dataDir: join(folder, 'data') });
  plainStartMs = serve.startMs;
  await serve.stop();
  rmSync(folder, { recursive: true });
});
afterAll(() => upstream.close());

/** One start of the gateway on a data folder, as the user whose keyrings lie in `home`. */
async function visit(state: KeyringState, dataDir: string, home: string, action: readonly string[] = []): Promise<KeychainVisit> {
  const command = [process.execPath, child, dataDir, `${upstream.origin}/openai/v1`, ...action];
  const { exitCode, stdout, stderr } = await runInKeyringSession({ state, home, command, timeoutMs: 60_000 });
  expect(exitCode, stderr).toBe(0);
  const report = JSON.parse(stdout) as KeychainVisit;
  process.stdout.write(`G3: ${state}: listens after ${Math.round(report.startMs)} ms, stops in ${Math.round(report.stopMs)} ms\n`);
  expect(report.startMs - plainStartMs).toBeLessThan(4_500);
  expect(report.stopMs).toBeLessThan(5_000);
  return report;
}

/** What is stored, as it is stored. */
function readSealed(dataDir: string): string {
  const db = openDatabase(join(dataDir, 'config.db'), { readonly: true, synchronous: 'FULL' });
  const rows = db.prepare('SELECT id, hex(sealed) FROM sealed_secrets').all();
  const meta = db.prepare('SELECT vault_id, backend, hex(key_check) FROM vault_meta').all();
  db.close();
  return JSON.stringify([rows, meta]);
}

const add = (id: string) => ['add', id, key];

describe('G3: the gateway, with a key stored in the keychain', () => {
  it('opens it again where it can, and elsewhere starts, says why and what next, refuses to store, and overwrites nothing', async () => {
    const [home, otherHome, folder] = [makeTemporaryFolder(), makeTemporaryFolder(), makeTemporaryFolder()];
    const dataDir = join(folder, 'data');
    const first = await visit('unlocked', dataDir, home, add('openai'));
    expect(first.notes).not.toContain('note:');
    expect(first.status).toContain('nothing stored yet: empty');
    expect(first.add).toEqual({ code: 0, text: expect.stringContaining('Saved openai: it works') });
    expect(first.statusAfter).toMatch(/System keyring \(Secret Service\): open\n/);
    expect(first.httpStatus).toBe(200);
    expect(upstream.last().header('authorization')).toBe(`Bearer ${key}`);
    const stored = readSealed(dataDir);

    const notices = new Map<string, string>();
    for (const [state, from, word, nextStep] of [
      ['no-bus', home, 'locked', /no keychain.*Give a passphrase, or choose the key file/],
      ['no-service', home, 'locked', /No keychain service.*Install or set up one/],
      ['locked', home, 'locked', /keychain is locked\. Unlock it/],
      ['unanswering', home, 'locked', /did not answer in time.*Answer the prompt, then try again/],
      ['unlocked', otherHome, 'wiped', /no longer holds the master key.*Restore the keychain, or start over/],
    ] as const) {
      upstream.reset();
      const report = await visit(state, dataDir, from, add('anthropic'));
      const note = /^note: (.*)$/m.exec(report.notes)?.[1] ?? '';
      expect(note).toMatch(nextStep);
      expect(report.status).toMatch(new RegExp(`System keyring \\(Secret Service\\): ${word}\\. .*${nextStep.source}`));
      notices.set(note.replace(/ \(.*/, ''), state);
      // Nothing new is stored under another key, and what the user typed is not kept anywhere else.
      expect(report.add?.code).toBe(1);
      expect(report.add?.text).toMatch(nextStep);
      expect(report.add?.text).not.toContain(key);
      expect(report.httpStatus).toBeGreaterThanOrEqual(400);
      expect(upstream.requests.filter(({ method }) => method === 'POST')).toEqual([]);
      expect(readSealed(dataDir)).toBe(stored);
    }
    expect(notices.size).toBe(5);

    upstream.reset();
    const again = await visit('unlocked', dataDir, home);
    expect(again).toMatchObject({ keyState: 'set', httpStatus: 200 });
    expect(upstream.last().header('authorization')).toBe(`Bearer ${key}`);
  }, 120_000);
});

describe('G3: the first key, headless', () => {
  it.each(['no-bus', 'no-service'] as const)(
    '%s: goes into a key file that is called what it is, then and at every start',
    async (state) => {
      const [home, folder] = [makeTemporaryFolder(), makeTemporaryFolder()];
      const dataDir = join(folder, 'data');
      const first = await visit(state, dataDir, home, add('openai'));
      expect(first.add?.code).toBe(0);
      expect(first.statusAfter).toMatch(/Key file, not protected from programs running as you: open\. The keychain is not used\./);
      expect(first).toMatchObject({ keyState: 'set', httpStatus: 200 });
      const second = await visit(state, dataDir, home);
      expect(second.notes).toMatch(/^note: .*every program running as you can read/m);
      expect(second).toMatchObject({ keyState: 'set', httpStatus: 200 });
      for (const name of ['config.db', 'vault.key']) expect(readFileSync(join(dataDir, name)).includes(key)).toBe(false);
    },
    60_000,
  );

  it('locked: is refused, and lands in no file', async () => {
    const [home, folder] = [makeTemporaryFolder(), makeTemporaryFolder()];
    // Makes the keyring that is locked afterwards.
    await visit('unlocked', join(folder, 'other'), home, add('openai'));
    const dataDir = join(folder, 'data');
    const report = await visit('locked', dataDir, home, add('openai'));
    expect(report.add).toEqual({ code: 1, text: expect.stringMatching(/could not be stored: The keychain is locked\. Unlock it/) });
    expect(report.statusAfter).toContain('The keychain is locked');
    expect(report.keyState).toBe('missing');
    expect(() => readFileSync(join(dataDir, 'vault.key'))).toThrow('ENOENT');
  }, 60_000);
});
