import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileVault } from '../../src-main/secrets/file-vault.ts';
import type { KeyringItem } from '../../src-main/secrets/keyring-vault.ts';
import { createKeyringVault } from '../../src-main/secrets/keyring-vault.ts';
import type { VaultOptions } from '../../src-main/secrets/open-vault.ts';
import { openVault } from '../../src-main/secrets/open-vault.ts';
import { createPassphraseVault } from '../../src-main/secrets/passphrase-vault.ts';
import type { SealedSecretStore } from '../../src-main/secrets/sealed-secret-store.ts';
import { createJsonSealedStore } from './json-sealed-store.ts';

const secret = 'sk-test-0123456789abcdef';
const code = (expected: string) => expect.objectContaining({ code: expected });
const cost = { N: 16, r: 8, p: 1 };
const dismissed = 'Secret Service: unlock prompt was dismissed';
const noBus = 'Platform failure: DBus error: Failed to connect to socket /x: No such file or directory';

let dir: string;
let store: SealedSecretStore;
/** The items of a keychain that this test plays; `failure` is what the native module would say. */
let keychain: { items: Map<string, string>; failure: string | null; asked: number; answered: Promise<void> };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tollgate-vault-'));
  store = createJsonSealedStore(join(dir, 'sealed.json'));
  keychain = { items: new Map(), failure: null, asked: 0, answered: Promise.resolve() };
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function openItem(service: string, account: string): Promise<KeyringItem> {
  const name = `${service}/${account}`;
  const answer = async <T>(value: () => T): Promise<T> => {
    keychain.asked++;
    await keychain.answered;
    if (keychain.failure !== null) throw new Error(keychain.failure);
    return value();
  };
  return {
    getPassword: () => answer(() => keychain.items.get(name) ?? null),
    setPassword: (text) => answer(() => void keychain.items.set(name, text)),
    deleteCredential: () => answer(() => keychain.items.delete(name)),
  };
}

/** From now on the keychain waits, as for a prompt, until the returned function is called. */
function holdAnswers(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  keychain.answered = promise;
  return resolve;
}

type Given = Partial<Pick<VaultOptions, 'backend' | 'passphrase' | 'store' | 'onChange'>> & { headless?: boolean; keyring?: false };

function open({ headless = false, keyring, ...given }: Given = {}) {
  return openVault({
    store,
    backend: null,
    passphrase: null,
    ladder: {
      keyring: keyring === false ? null : (vaultId) => createKeyringVault({ vaultId, timeoutMs: 50, openItem }),
      passphrase: (passphrase) => createPassphraseVault({ path: join(dir, 'vault-passphrase.json'), passphrase, cost }),
      file: () => createFileVault({ path: join(dir, 'vault.key') }),
      headless,
    },
    ...given,
  });
}

async function openWithSecret(given: Given = {}) {
  const vault = await open(given);
  await vault.save('openai', secret);
  return vault;
}

describe('the ladder', () => {
  it.each([
    { name: 'a keychain that works', expected: 'keyring' },
    { name: 'a keychain that works, and a passphrase', passphrase: 'p', expected: 'keyring' },
    { name: 'a named place', backend: 'file', expected: 'file' },
    { name: 'a named passphrase', backend: 'passphrase', passphrase: 'p', expected: 'passphrase' },
    { name: 'no keychain, and a passphrase', failure: noBus, passphrase: 'p', expected: 'passphrase' },
    { name: 'no keychain, headless, and a passphrase', failure: noBus, passphrase: 'p', headless: true, expected: 'passphrase' },
    { name: 'no keychain, headless', failure: noBus, headless: true, expected: 'file' },
    { name: 'a locked keychain, and a passphrase', failure: dismissed, passphrase: 'p', expected: 'passphrase' },
    { name: 'a keychain not to be used, and a passphrase', keyring: false, passphrase: 'p', expected: 'passphrase' },
  ] as const)('$name: $expected', async ({ expected, name: _name, ...given }) => {
    const { failure, ...options } = { failure: null, ...given };
    keychain.failure = failure;
    const vault = await openWithSecret(options);
    expect(vault.backend?.kind).toBe(expected);
    expect(vault.notice !== null).toBe(failure !== null || expected === 'file');
    expect((await open(options)).read('openai')).toBe(secret);
  });

  it.each([
    { name: 'no keychain on a desktop', failure: noBus, expected: 'keyring_absent' },
    { name: 'a locked keychain', failure: dismissed, headless: true, expected: 'keyring_locked' },
    { name: 'a keychain that refuses', failure: 'Access denied', headless: true, expected: 'keyring_denied' },
    { name: 'a failure never seen before', failure: 'Gremlins', headless: true, expected: 'keyring_denied' },
    {
      name: 'a named keychain that is not there',
      failure: noBus,
      backend: 'keyring',
      passphrase: 'p',
      headless: true,
      expected: 'keyring_absent',
    },
    { name: 'a named passphrase that is not given', backend: 'passphrase', expected: 'passphrase_missing' },
    { name: 'a keychain not to be used, no passphrase', keyring: false, headless: true, expected: 'passphrase_missing' },
  ] as const)('$name: $expected, and nothing is stored', async ({ expected, name: _name, ...given }) => {
    const { failure, ...options } = { failure: null, ...given };
    keychain.failure = failure;
    const vault = await open(options);
    await expect(vault.save('openai', secret)).rejects.toThrow(code(expected));
    expect(vault).toMatchObject({ state: 'empty', reason: { code: expected } });
    expect(await store.list()).toEqual([]);
    keychain.failure = null;
  });

  it('touches no keychain before the first secret, and goes by what is recorded afterwards', async () => {
    keychain.failure = 'must not be asked';
    expect(await open()).toMatchObject({ state: 'empty', backend: null, reason: null });
    keychain.failure = noBus;
    await openWithSecret({ headless: true });
    keychain.failure = null;
    expect(await open()).toMatchObject({ state: 'open', backend: { kind: 'file' } });
    expect(keychain.items.size).toBe(0);
  });

  it('takes a master key that is already there, and never overwrites it', async () => {
    const file = join(dir, 'vault.key');
    await createFileVault({ path: file }).save(Buffer.alloc(32, 7));
    const before = readFileSync(file, 'utf8');
    await openWithSecret({ backend: 'file' });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('gives each data folder an item of its own', async () => {
    await openWithSecret();
    await openWithSecret({ store: createJsonSealedStore(join(dir, 'other.json')) });
    expect(keychain.items.size).toBe(2);
  });
});

describe('a vault that cannot open', () => {
  it('starts locked, says why, reads nothing, and opens later', async () => {
    await openWithSecret();
    keychain.failure = dismissed;
    const vault = await open();
    expect(vault).toMatchObject({ state: 'locked', backend: { kind: 'keyring' }, reason: { code: 'keyring_locked' } });
    expect(() => vault.read('openai')).toThrow(code('vault_unavailable'));
    expect(() => vault.read('openai')).toThrow(/Unlock it/);
    expect(vault.has('openai')).toBe(true);
    await expect(vault.save('xai', secret)).rejects.toThrow(code('vault_unavailable'));
    keychain.failure = null;
    await vault.retry();
    expect(vault).toMatchObject({ state: 'open', reason: null });
    expect(vault.read('openai')).toBe(secret);
  });

  it('opens by itself when a secret is saved after the keychain was unlocked', async () => {
    await openWithSecret();
    keychain.failure = dismissed;
    const vault = await open();
    keychain.failure = null;
    await vault.save('xai', 'another-secret');
    expect(vault.read('openai')).toBe(secret);
  });

  it('keyring_wiped: makes no new key over ciphertexts; starting over is a word of its own', async () => {
    await openWithSecret();
    keychain.items.clear();
    const vault = await open();
    expect(vault).toMatchObject({ state: 'wiped', reason: { code: 'keyring_wiped' } });
    await expect(vault.save('xai', secret)).rejects.toThrow(code('vault_unavailable'));
    expect(keychain.items.size).toBe(0);
    await vault.startOver();
    expect(vault).toMatchObject({ state: 'empty', reason: null });
    await vault.save('xai', secret);
    expect((await open()).read('xai')).toBe(secret);
    expect((await open()).read('openai')).toBeNull();
  });

  it('recognises the wrong master key before anything is decrypted', async () => {
    await openWithSecret({ backend: 'file' });
    await createFileVault({ path: join(dir, 'vault.key') }).save(Buffer.alloc(32, 7));
    expect(await open()).toMatchObject({ state: 'wiped', reason: { code: 'master_key_mismatch' } });
  });

  it('names the place recorded when another one was asked for', async () => {
    await openWithSecret();
    const vault = await open({ backend: 'file' });
    expect(vault).toMatchObject({ state: 'locked', reason: { code: 'backend_mismatch' } });
    expect(vault.reason?.message).toContain('keyring');
  });

  it('G6: forgets a wrong passphrase and opens with the right one', async () => {
    await openWithSecret({ backend: 'passphrase', passphrase: 'right' });
    const vault = await open();
    expect(vault).toMatchObject({ state: 'locked', reason: { code: 'passphrase_missing' } });
    await vault.retry('wrong');
    expect(vault).toMatchObject({ state: 'locked', reason: { code: 'passphrase_wrong' } });
    await vault.retry('right');
    expect(vault.read('openai')).toBe(secret);
  });

  it('when the keychain never answers: gives up in time, and asks no second time meanwhile', async () => {
    await openWithSecret();
    keychain.asked = 0;
    const answer = holdAnswers();
    const vault = await open();
    await vault.retry();
    expect(vault).toMatchObject({ state: 'locked', reason: { code: 'keyring_timeout' } });
    expect(keychain.asked).toBe(1);
    answer();
    await vault.retry();
    expect(vault.read('openai')).toBe(secret);
  });

  it('when the prompt for the first secret is answered late: takes the item that was made', async () => {
    const answer = holdAnswers();
    const vault = await open();
    await expect(vault.save('openai', secret)).rejects.toThrow(code('keyring_timeout'));
    answer();
    await vault.save('openai', secret);
    expect(keychain.items.size).toBe(1);
    expect((await open()).read('openai')).toBe(secret);
  });

  it('takes new secrets again once the unreadable ones are removed one by one', async () => {
    await openWithSecret();
    keychain.items.clear();
    const vault = await open();
    await vault.remove('openai');
    await vault.save('xai', secret);
    expect((await open()).read('xai')).toBe(secret);
  });
});

describe('G4: altered ciphertexts', () => {
  it('cost only themselves, are flagged, and can be entered again', async () => {
    const vault = await openWithSecret();
    await vault.save('anthropic', 'another-secret');
    await vault.save('xai', 'a-third-secret');
    const rows = await store.list();
    const bytesOf = (id: string) => rows.find((row) => row.id === id)!.sealed;
    await store.put('openai', 'provider-key', bytesOf('anthropic'));
    await store.put('anthropic', 'provider-key', bytesOf('openai'));
    const reopened = await open();
    expect(reopened.state).toBe('open');
    expect([...reopened.damaged].sort()).toEqual(['anthropic', 'openai']);
    expect(() => reopened.read('openai')).toThrow(code('secret_damaged'));
    expect(reopened.read('xai')).toBe('a-third-secret');
    await reopened.save('openai', secret);
    await reopened.remove('anthropic');
    expect(reopened.damaged).toEqual([]);
    expect(reopened.read('openai')).toBe(secret);
    expect(reopened.read('anthropic')).toBeNull();
  });
});

describe('G7: a new master key', () => {
  it('reads go on, ciphertexts and item change, saves wait their turn', async () => {
    const vault = await openWithSecret();
    const [before] = await store.list();
    const item = [...keychain.items.values()];
    const rotation = vault.rotateMasterKey();
    expect(vault.read('openai')).toBe(secret);
    await Promise.all([rotation, vault.save('xai', 'saved-meanwhile')]);
    expect(Buffer.from(before!.sealed).equals((await store.list())[0]!.sealed)).toBe(false);
    expect([...keychain.items.values()]).not.toEqual(item);
    expect((await store.readMeta())?.pendingKey).toBeNull();
    const reopened = await open();
    expect([reopened.read('openai'), reopened.read('xai')]).toEqual([secret, 'saved-meanwhile']);
  });

  it('when the keychain fails in the middle: stays open, opens again, and is finished then', async () => {
    const vault = await openWithSecret();
    keychain.failure = dismissed;
    await expect(vault.rotateMasterKey()).rejects.toThrow(code('keyring_locked'));
    expect(vault.read('openai')).toBe(secret);
    keychain.failure = null;
    await vault.save('xai', 'saved-meanwhile');
    const reopened = await open();
    expect([reopened.read('openai'), reopened.read('xai')]).toEqual([secret, 'saved-meanwhile']);
    expect((await store.readMeta())?.pendingKey).toBeNull();
    await reopened.rotateMasterKey();
    expect((await open()).read('openai')).toBe(secret);
  });
});

describe('a crash at every step', () => {
  class Crash extends Error {}

  /** Counts every change to store and keychain, and ends the process, so to speak, before this one. */
  function crashBefore(step: number): { crashing: SealedSecretStore; steps: () => number } {
    let done = 0;
    const count = () => {
      if (done++ === step) throw new Crash();
    };
    const wrap = <A extends unknown[], T>(change: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        count();
        return change(...args);
      };
    };
    keychain.items.set = (name, text) => {
      count();
      return Map.prototype.set.call(keychain.items, name, text);
    };
    const crashing: SealedSecretStore = {
      ...store,
      put: wrap((...args) => store.put(...args)),
      writeMeta: wrap((meta) => store.writeMeta(meta)),
      resealAll: wrap((...args) => store.resealAll(...args)),
    };
    return { crashing, steps: () => done };
  }

  it.each([
    ['rotation', (vault: Awaited<ReturnType<typeof open>>) => vault.rotateMasterKey(), 3],
    ['move to a file', (vault: Awaited<ReturnType<typeof open>>) => vault.changeBackend('file'), 1],
    ['second secret', (vault: Awaited<ReturnType<typeof open>>) => vault.save('xai', 'x-secret'), 1],
  ])('of a %s leaves a vault that opens', async (_name, change, expectedSteps) => {
    await openWithSecret();
    for (let step = 0; step <= expectedSteps; step++) {
      const { crashing, steps } = crashBefore(step);
      const vault = await open({ store: crashing });
      await change(vault).catch(() => {});
      expect(steps()).toBe(Math.min(step + 1, expectedSteps));
      Reflect.deleteProperty(keychain.items, 'set');
      const reopened = await open();
      expect(reopened.read('openai')).toBe(secret);
      expect((await store.readMeta())?.pendingKey).toBeNull();
    }
  });

  it('of a move away from the file leaves no copy of the key there', async () => {
    const path = join(dir, 'vault.key');
    const vault = await openWithSecret({ backend: 'file' });
    const copy = readFileSync(path);
    await vault.changeBackend('keyring');
    writeFileSync(path, copy, { mode: 0o600 });
    expect((await open()).read('openai')).toBe(secret);
    expect(() => readFileSync(path)).toThrow('ENOENT');

    writeFileSync(path, copy, { mode: 0o644 });
    expect((await open()).notice).toMatch(/could not be removed from: Key file.*chmod 600/s);
    const foreign = `${Buffer.alloc(32, 7).toString('base64')}\n`;
    rmSync(path);
    writeFileSync(path, foreign, { mode: 0o600 });
    expect((await open()).read('openai')).toBe(secret);
    expect(readFileSync(path, 'utf8')).toBe(foreign);
  });

  it('of the first secret leaves a vault that takes it again', async () => {
    for (let step = 0; step < 3; step++) {
      const vault = await open({ store: crashBefore(step).crashing });
      await expect(vault.save('openai', secret)).rejects.toThrow();
      Reflect.deleteProperty(keychain.items, 'set');
      const reopened = await open();
      expect(reopened.state).toBe('empty');
    }
    await openWithSecret();
    expect((await open()).read('openai')).toBe(secret);
  });
});

describe('changeBackend', () => {
  it('moves the master key to each place, empties the old one, and says what a file is', async () => {
    const vault = await openWithSecret();
    await vault.changeBackend('file');
    expect(vault).toMatchObject({ backend: { kind: 'file' }, notice: expect.stringContaining('every program running as you') });
    expect(keychain.items.size).toBe(0);
    await vault.changeBackend('passphrase', 'first');
    expect(vault.notice).toBeNull();
    await vault.changeBackend('passphrase', 'second');
    expect((await open({ passphrase: 'first' })).reason?.code).toBe('passphrase_wrong');
    expect((await open({ passphrase: 'second' })).read('openai')).toBe(secret);
    await vault.changeBackend('keyring');
    expect(await open()).toMatchObject({ state: 'open', backend: { kind: 'keyring' } });
    expect(() => readFileSync(join(dir, 'vault-passphrase.json'))).toThrow('ENOENT');
  });

  it('leaves everything as it was when the new place refuses or holds another key', async () => {
    const vault = await openWithSecret({ backend: 'file' });
    keychain.failure = dismissed;
    await expect(vault.changeBackend('keyring')).rejects.toThrow(code('keyring_locked'));
    await expect(vault.changeBackend('passphrase')).rejects.toThrow(code('passphrase_missing'));
    await createPassphraseVault({ path: join(dir, 'vault-passphrase.json'), passphrase: 'p', cost }).save(Buffer.alloc(32, 7));
    await expect(vault.changeBackend('passphrase', 'p')).rejects.toThrow(code('master_key_mismatch'));
    await expect(vault.changeBackend('passphrase', 'q')).rejects.toThrow(/wrong.*give its passphrase, or remove the file/);
    expect(vault.backend?.kind).toBe('file');
    expect((await open()).read('openai')).toBe(secret);
  });

  it('says so when the copy in the old place cannot be removed', async () => {
    const vault = await openWithSecret();
    keychain.failure = dismissed;
    await vault.changeBackend('file');
    expect(vault.notice).toMatch(/could not be removed from.*keychain is locked/i);
    expect(vault.read('openai')).toBe(secret);
  });

  it('before the first secret decides where it will go', async () => {
    const vault = await open();
    await vault.changeBackend('passphrase', 'p');
    await vault.save('openai', secret);
    expect(vault.backend?.kind).toBe('passphrase');
    expect(keychain.items.size).toBe(0);
  });
});

describe('secrets in memory', () => {
  it('G1: show neither in JSON, nor in inspection, nor in errors, nor in what is stored', async () => {
    const vault = await openWithSecret({ passphrase: 'the passphrase' });
    const masterKey = [...keychain.items.values()][0]!;
    const shown = [
      JSON.stringify(vault),
      inspect(vault, { depth: 10, showHidden: true, getters: true }),
      readFileSync(join(dir, 'sealed.json'), 'utf8'),
    ].join();
    for (const hidden of [secret, Buffer.from(secret).toString('hex'), masterKey, Buffer.from(masterKey, 'base64').toString('hex')]) {
      expect(shown).not.toContain(hidden);
    }
    expect(shown).not.toContain('the passphrase');
    expect([...vault.secrets()]).toEqual([secret]);
  });

  it('are gone after close, and nothing can be stored any more', async () => {
    const vault = await openWithSecret();
    const saving = vault.save('xai', 'saved-before-close');
    await vault.close();
    await vault.close();
    await saving;
    expect([...vault.secrets()]).toEqual([]);
    expect(() => vault.read('openai')).toThrow(code('vault_unavailable'));
    await expect(vault.save('xai', secret)).rejects.toThrow(code('vault_unavailable'));
    expect((await open()).read('xai')).toBe('saved-before-close');
  });

  it('G5: may be 10 kB, and the keychain item stays one of 44 characters', async () => {
    const vault = await open();
    const large = JSON.stringify({ private_key: 'é\n'.repeat(5_000) });
    await vault.save('vertex', large, 'service-account');
    expect((await open()).read('vertex')).toBe(large);
    expect([...keychain.items.values()].map((text) => text.length)).toEqual([44]);
  });

  it('says each change of state', async () => {
    const seen: string[] = [];
    const vault = await open({ onChange: () => seen.push('change') });
    await vault.save('openai', secret);
    const before = seen.length;
    await vault.changeBackend('file');
    expect(before).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(before);
  });

  it('a failing store rejects, and is not taken for an empty one', async () => {
    await openWithSecret();
    writeFileSync(join(dir, 'sealed.json'), '{');
    await expect(open()).rejects.toThrow(SyntaxError);
  });
});
