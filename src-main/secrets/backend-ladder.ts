import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MasterKeyStore } from './master-key.ts';
import { masterKeyBytes } from './master-key.ts';
import type { MasterKeyKind } from './sealed-secret-store.ts';
import { VaultError } from './vault-error.ts';

/** The places a master key may live on this machine, and what decides between them. */
export interface BackendLadder {
  /** Null where the keychain is not to be used: headless on macOS, where any Node script could read the item. */
  readonly keyring: ((vaultId: string) => MasterKeyStore) | null;
  readonly passphrase: (passphrase: string | null) => MasterKeyStore;
  readonly file: () => MasterKeyStore;
  /** No desktop session that could offer a keychain. */
  readonly headless: boolean;
}

/** What the user named: a place, a passphrase, both or neither. */
export interface BackendChoice {
  readonly kind: MasterKeyKind | null;
  readonly passphrase: string | null;
}

/** A place that holds the master key; the notice says why it is not the keychain when that was expected. */
export interface EstablishedKey {
  readonly backend: MasterKeyStore;
  readonly masterKey: Uint8Array;
  readonly notice: string | null;
}

/** Touches nothing yet. Throws `keyring_absent` where the keychain is not to be used. */
export function createBackend(ladder: BackendLadder, kind: MasterKeyKind, vaultId: string, passphrase: string | null): MasterKeyStore {
  if (kind === 'file') return ladder.file();
  if (kind === 'passphrase') return ladder.passphrase(passphrase);
  if (ladder.keyring === null) throw new VaultError('keyring_absent');
  return ladder.keyring(vaultId);
}

/** The same ladder with one keychain store per vault id: a store must live on to know of a call that is still unanswered. */
export function rememberKeyrings(ladder: BackendLadder): BackendLadder {
  const { keyring } = ladder;
  if (keyring === null) return ladder;
  const made = new Map<string, MasterKeyStore>();
  return {
    ...ladder,
    keyring(vaultId) {
      const store = made.get(vaultId) ?? keyring(vaultId);
      made.set(vaultId, store);
      return store;
    },
  };
}

/**
 * Chooses where a vault that holds nothing yet keeps its master key, and makes the key: the named place, else the keychain,
 * else the passphrase if one was given, else the key file, but only headless and where no keychain exists. A keychain that
 * is locked or refuses is not "no keychain": that rejects, and the user decides.
 */
export async function establishMasterKey(ladder: BackendLadder, choice: BackendChoice, vaultId: string): Promise<EstablishedKey> {
  const establish = async (kind: MasterKeyKind, why: string | null): Promise<EstablishedKey> => {
    const backend = createBackend(ladder, kind, vaultId, choice.passphrase);
    return { backend, masterKey: await makeMasterKey(backend), notice: why };
  };
  if (choice.kind !== null) return establish(choice.kind, null);
  if (ladder.keyring === null) return establish('passphrase', null);
  try {
    return await establish('keyring', null);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const why = `The keychain is not used. ${error.message}`;
    if (choice.passphrase !== null) return establish('passphrase', why);
    const noKeychain = error.code === 'keyring_absent' || error.code === 'keyring_no_service';
    if (ladder.headless && noKeychain) return establish('file', why);
    throw error;
  }
}

/** What has to be said each time this place is used. */
export function backendNotice(kind: MasterKeyKind): string | null {
  if (kind !== 'file') return null;
  return 'Provider keys are encrypted, but their master key lies in a file that every program running as you can read. A keychain or a passphrase would protect them better.';
}

/** A key that is already there is taken, never overwritten; a new one is read back, for a place may accept and forget. */
async function makeMasterKey(backend: MasterKeyStore): Promise<Uint8Array> {
  const existing = await backend.load();
  if (existing !== null) return existing;
  const masterKey = randomBytes(masterKeyBytes);
  await backend.save(masterKey);
  await verifySaved(backend, masterKey);
  return masterKey;
}

/** Rejects with `master_key_mismatch` unless the place gives back exactly this key. */
export async function verifySaved(backend: MasterKeyStore, masterKey: Uint8Array): Promise<void> {
  const saved = await backend.load();
  if (saved === null || !equalKeys(saved, masterKey)) throw new VaultError('master_key_mismatch', { detail: backend.label });
}

export function equalKeys(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
