import { randomBytes, scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createKeyCheck, matchesKeyCheck, openSecret, sealSecret } from './envelope.ts';
import type { MasterKeyStore } from './master-key.ts';
import { readMasterKey, renderMasterKey } from './master-key.ts';
import { VaultError } from './vault-error.ts';
import { removePrivateFile, writePrivateFile } from './write-private-file.ts';

/** scrypt's cost: memory is 128·N·r bytes. The default takes 128 MB and about 0.4 s. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export interface PassphraseVaultOptions {
  /** `DATA_DIR/vault-passphrase.json` */
  path: string;
  /** Null or empty: none was given; then only `remove` works. */
  passphrase: string | null;
  /** For keys sealed from now on; an existing file opens with the cost it names. */
  cost?: ScryptCost;
}

interface PassphraseFile {
  cost: ScryptCost;
  salt: Buffer;
  keyCheck: Buffer;
  sealedKey: Buffer;
}

const defaultCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };
/** A damaged or planted file must not make us take gigabytes. */
const maxMemoryBytes = 1024 ** 3;
const name = { id: 'master-key', kind: 'passphrase' };

/**
 * The master key in a 0600 file, sealed by a key derived from a passphrase. Saving again under another passphrase changes
 * it: the file is replaced whole, so that at any time the old or the new one opens it.
 */
export function createPassphraseVault(options: PassphraseVaultOptions): MasterKeyStore {
  const { path, cost = defaultCost } = options;
  const readPassphrase = (): string => {
    if (options.passphrase === null || options.passphrase === '') throw new VaultError('passphrase_missing');
    return options.passphrase;
  };
  const unreadable = (cause: unknown) => new VaultError('file_unreadable', { detail: path, cause });
  return {
    kind: 'passphrase',
    label: 'File sealed by your passphrase',
    async load() {
      const passphrase = readPassphrase();
      const file = await readPassphraseFile(path);
      if (file === null) return null;
      const derivedKey = await deriveKey(passphrase, file.salt, file.cost);
      if (!matchesKeyCheck(derivedKey, file.keyCheck)) throw new VaultError('passphrase_wrong');
      const key = readMasterKey(openSealedKey(derivedKey, file.sealedKey, path));
      if (key === null) throw new VaultError('file_unreadable', { detail: `${path} holds no master key` });
      return key;
    },
    async save(key) {
      const salt = randomBytes(16);
      const derivedKey = await deriveKey(readPassphrase(), salt, cost);
      const sealedKey = sealSecret(derivedKey, name, renderMasterKey(key));
      const content = renderPassphraseFile({ cost, salt, keyCheck: Buffer.from(createKeyCheck(derivedKey)), sealedKey });
      await writePrivateFile(path, content).catch((cause: unknown) => {
        throw unreadable(cause);
      });
    },
    async remove() {
      await removePrivateFile(path).catch((cause: unknown) => {
        throw unreadable(cause);
      });
    },
  };
}

function openSealedKey(derivedKey: Uint8Array, sealedKey: Uint8Array, path: string): string {
  try {
    return openSecret(derivedKey, name, sealedKey);
  } catch (cause) {
    throw new VaultError('file_unreadable', { detail: `${path} is damaged`, cause });
  }
}

/** NFKC: the same passphrase typed on another keyboard or system may arrive composed differently. */
function deriveKey(passphrase: string, salt: Uint8Array, { N, r, p }: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 128 * r * (N + p) + 1024 ** 2 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

async function readPassphraseFile(path: string): Promise<PassphraseFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new VaultError('file_unreadable', { detail: path, cause: error });
  }
  const file = parsePassphraseFile(text);
  if (file === null) throw new VaultError('file_unreadable', { detail: `${path} is damaged` });
  return file;
}

function renderPassphraseFile({ cost, salt, keyCheck, sealedKey }: PassphraseFile): string {
  const fields = { salt: salt.toString('base64'), keyCheck: keyCheck.toString('base64'), sealedKey: sealedKey.toString('base64') };
  return `${JSON.stringify({ version: 1, kdf: 'scrypt', ...cost, ...fields }, null, 2)}\n`;
}

/** Null for anything this version does not write. */
function parsePassphraseFile(text: string): PassphraseFile | null {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || value['version'] !== 1 || value['kdf'] !== 'scrypt') return null;
  const { N, r, p, salt, keyCheck, sealedKey } = value;
  if (typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number' || !allowsCost({ N, r, p })) return null;
  if (typeof salt !== 'string' || typeof keyCheck !== 'string' || typeof sealedKey !== 'string') return null;
  const decode = (field: string) => Buffer.from(field, 'base64');
  return { cost: { N, r, p }, salt: decode(salt), keyCheck: decode(keyCheck), sealedKey: decode(sealedKey) };
}

function allowsCost({ N, r, p }: ScryptCost): boolean {
  const powerOfTwo = Number.isInteger(Math.log2(N)) && N > 1;
  return powerOfTwo && Number.isInteger(r) && r > 0 && Number.isInteger(p) && p > 0 && p <= 16 && 128 * N * r <= maxMemoryBytes;
}
