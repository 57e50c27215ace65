import type { AsyncEntry } from '@napi-rs/keyring';
import type { MasterKeyStore } from './master-key.ts';
import { readMasterKey, renderMasterKey } from './master-key.ts';
import type { VaultErrorCode } from './vault-error.ts';
import { VaultError } from './vault-error.ts';

/** The three calls we make of an `AsyncEntry`. */
export type KeyringItem = Pick<AsyncEntry, 'getPassword' | 'setPassword' | 'deleteCredential'>;

export interface KeyringVaultOptions {
  /** Names this vault's item, so that two data folders never share one. */
  vaultId: string;
  /** How long one keychain call may take; a desktop may be showing a prompt. Default 4,000, so that start stays under 5 s. */
  timeoutMs?: number;
  openItem?: (service: string, account: string) => Promise<KeyringItem>;
}

const service = 'Tollgate';

/** The master key as one item (44 characters, under every system's limit) of the OS keychain. Nothing is loaded before the first call. */
export function createKeyringVault(options: KeyringVaultOptions): MasterKeyStore {
  const { timeoutMs = 4_000, openItem = openKeyringItem } = options;
  const account = `master-key ${options.vaultId}`;
  let item: KeyringItem | null = null;
  /** A call that outlived its timeout. It cannot be cancelled and holds one of Node's four pool threads: never start a second. */
  let unanswered: Promise<unknown> | null = null;

  async function call<T>(use: (item: KeyringItem) => Promise<T>): Promise<T> {
    if (unanswered !== null) await withTimeout(unanswered, timeoutMs);
    try {
      item ??= await openItem(service, account);
      const answer = use(item);
      const settled = answer.then(ignore, ignore).then(() => {
        unanswered = null;
      });
      unanswered = settled;
      return await withTimeout(answer, timeoutMs);
    } catch (error) {
      item = null;
      throw readKeyringError(error);
    }
  }

  return {
    kind: 'keyring',
    label: keychainLabel(),
    async load() {
      const text = await call((entry) => entry.getPassword());
      if (text === null) return null;
      const key = readMasterKey(text);
      if (key === null) throw new VaultError('master_key_mismatch', { detail: `item "${account}" of service "${service}"` });
      return key;
    },
    async save(key) {
      await call((entry) => entry.setPassword(renderMasterKey(key)));
    },
    async remove() {
      await call((entry) => entry.deleteCredential());
    },
  };
}

/**
 * Always pinned to the Secret Service on Linux: unpinned, the module falls back silently to kernel keyutils, which a
 * reboot empties. Its constructor talks to D-Bus and throws when there is none.
 */
async function openKeyringItem(itemService: string, account: string): Promise<KeyringItem> {
  let keyring: typeof import('@napi-rs/keyring');
  try {
    keyring = await import('@napi-rs/keyring');
  } catch (cause) {
    throw new VaultError('keyring_absent', { cause });
  }
  return new keyring.AsyncEntry(itemService, account, { linux: { store: 'secret-service' } });
}

/**
 * The module gives text only. Linux wordings were seen with GNOME Keyring 42; macOS ones are Apple's for errSecAuthFailed,
 * errSecInteractionNotAllowed and a cancelled prompt. What is unknown counts as refused: no fallback is taken on a guess.
 */
const wordings: readonly (readonly [RegExp, VaultErrorCode])[] = [
  [/did not receive a reply|timeout expired/i, 'keyring_timeout'],
  [/not provided by any|no result found|object does not exist/i, 'keyring_no_service'],
  [/dismissed|\blocked|interaction is not allowed/i, 'keyring_locked'],
  [/access ?denied|not permitted|cancel|passphrase you entered/i, 'keyring_denied'],
  [/autolaunch|failed to connect|no such file|connection refused|DBUS_SESSION_BUS_ADDRESS/i, 'keyring_absent'],
];

function readKeyringError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = wordings.find(([wording]) => wording.test(message))?.[1] ?? 'keyring_denied';
  return new VaultError(code, { detail: message, cause: error });
}

function keychainLabel(): string {
  if (process.platform === 'darwin') return 'macOS Keychain';
  if (process.platform === 'win32') return 'Windows Credential Manager';
  return 'System keyring (Secret Service)';
}

async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new VaultError('keyring_timeout')), timeoutMs);
  });
  try {
    return await Promise.race([answer, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

function ignore(): void {}
