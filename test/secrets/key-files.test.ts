import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileVault } from '../../src-main/secrets/file-vault.ts';
import { createPassphraseVault } from '../../src-main/secrets/passphrase-vault.ts';

const masterKey = new Uint8Array(randomBytes(32));
const cost = { N: 16, r: 8, p: 1 };
const code = (expected: string) => expect.objectContaining({ code: expected });
let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tollgate-vault-'));
  path = join(dir, 'vault');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const modeOf = (file: string) => statSync(file).mode & 0o777;
const openWith = (passphrase: string | null) => createPassphraseVault({ path, passphrase, cost });

describe('the key file', () => {
  it('keeps the key in a 0600 file, replaces and removes it, and leaves nothing beside it', async () => {
    const vault = createFileVault({ path });
    expect(await vault.load()).toBeNull();
    await vault.save(randomBytes(32));
    await vault.save(masterKey);
    expect(Buffer.from((await vault.load()) ?? []).equals(masterKey)).toBe(true);
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['vault']);
    await vault.remove();
    await vault.remove();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('refuses a file of mode %o', async (mode) => {
    const vault = createFileVault({ path });
    await vault.save(masterKey);
    chmodSync(path, mode);
    await expect(vault.load()).rejects.toThrow(code('file_permissions'));
  });

  it('refuses a damaged file, and does not repeat its content in the error', async () => {
    writeFileSync(path, 'c2VjcmV0LXRoaW5n', { mode: 0o600 });
    const error = await createFileVault({ path })
      .load()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'file_unreadable' });
    expect(String(error)).not.toContain('c2Vjcm');
  });

  it('is not stopped by what a crash left beside it, and says when it cannot write', async () => {
    writeFileSync(`${path}.new`, 'half', { mode: 0o644 });
    await createFileVault({ path }).save(masterKey);
    expect(modeOf(path)).toBe(0o600);
    await expect(createFileVault({ path: join(dir, 'absent', 'vault') }).save(masterKey)).rejects.toThrow(code('file_unreadable'));
  });
});

describe('the passphrase file', () => {
  it('G6: opens with its passphrase alone, at the real cost, and a wrong one changes nothing', { timeout: 15_000 }, async () => {
    const real = (passphrase: string) => createPassphraseVault({ path, passphrase });
    expect(await real('correct horse').load()).toBeNull();
    await real('correct horse').save(masterKey);
    const content = readFileSync(path, 'utf8');
    expect(JSON.parse(content)).toMatchObject({ kdf: 'scrypt', N: 2 ** 17, r: 8, p: 1 });
    expect(content).not.toContain(Buffer.from(masterKey).toString('base64'));
    expect(Buffer.from((await real('correct horse').load()) ?? []).equals(masterKey)).toBe(true);
    await expect(real('Correct horse').load()).rejects.toThrow(code('passphrase_wrong'));
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(modeOf(path)).toBe(0o600);
  });

  it('takes the same passphrase in another Unicode composition', async () => {
    await openWith('caf\u00e9').save(masterKey);
    expect(await openWith('cafe\u0301').load()).not.toBeNull();
  });

  it.each([null, ''])('without a passphrase (%j) neither opens nor seals, but can be removed', async (passphrase) => {
    await openWith('given').save(masterKey);
    await expect(openWith(passphrase).load()).rejects.toThrow(code('passphrase_missing'));
    await expect(openWith(passphrase).save(masterKey)).rejects.toThrow(code('passphrase_missing'));
    await openWith(passphrase).remove();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['no JSON', () => '{'],
    ['an unknown version', (file: object) => JSON.stringify({ ...file, version: 2 })],
    ['a cost that would take gigabytes', (file: object) => JSON.stringify({ ...file, N: 2 ** 30 })],
    ['a cost that is no power of two', (file: object) => JSON.stringify({ ...file, N: 1000 })],
    ['another sealed key', (file: object) => JSON.stringify({ ...file, sealedKey: randomBytes(80).toString('base64') })],
    ['a missing salt', (file: object) => JSON.stringify({ ...file, salt: undefined })],
  ])('says file_unreadable for %s', async (_name, damage) => {
    await openWith('given').save(masterKey);
    writeFileSync(path, damage(JSON.parse(readFileSync(path, 'utf8'))));
    await expect(openWith('given').load()).rejects.toThrow(code('file_unreadable'));
  });

  it('G6: after kill -9 during a change of passphrase the old or the new one opens', { timeout: 20_000 }, async () => {
    for (let cycle = 0; cycle < 20; cycle++) {
      await openWith('old').save(masterKey);
      await killWhileChanging(cycle % 6);
      const opened = await Promise.all(
        ['old', 'new'].map((passphrase) =>
          openWith(passphrase)
            .load()
            .catch(() => null),
        ),
      );
      expect(opened.filter((key) => key !== null && Buffer.from(key).equals(masterKey))).toHaveLength(1);
    }
  });
});

/** A process that changes the passphrase to and fro, killed in the change that follows this many finished ones. */
function killWhileChanging(finishedChanges: number): Promise<void> {
  const program = `
    const { createPassphraseVault } = await import(process.argv[1]);
    const [path, key] = [process.argv[2], Buffer.from(process.argv[3], 'hex')];
    const cost = { N: 16, r: 8, p: 1 };
    process.stdout.write('0\\n');
    for (let n = 1; ; n++) {
      await createPassphraseVault({ path, passphrase: n % 2 ? 'new' : 'old', cost }).save(key);
      process.stdout.write(n + '\\n');
    }`;
  const module = new URL('../../src-main/secrets/passphrase-vault.ts', import.meta.url).href;
  const args = ['--input-type=module', '--eval', program, module, path, Buffer.from(masterKey).toString('hex')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => {
    if (Number(line) >= finishedChanges) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', () => resolve());
  });
}
