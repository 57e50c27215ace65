import { randomBytes } from 'node:crypto';
import type { BackendChoice, BackendLadder } from './backend-ladder.ts';
import { createBackend, equalKeys, verifySaved } from './backend-ladder.ts';
import { createKeyCheck, matchesKeyCheck, openSecret, sealSecret } from './envelope.ts';
import { HeldSecrets } from './held-secrets.ts';
import type { MasterKeyStore } from './master-key.ts';
import { masterKeyBytes, readMasterKey, renderMasterKey } from './master-key.ts';
import type { SealedSecret, SealedSecretStore, VaultMeta } from './sealed-secret-store.ts';
import { VaultError } from './vault-error.ts';

/** What an open vault holds together. */
export interface UnlockedVault {
  readonly masterKey: Uint8Array;
  readonly meta: VaultMeta;
  readonly backend: MasterKeyStore;
  readonly held: HeldSecrets;
}

const pendingName = { id: 'pending-master-key', kind: 'rotation' };

/** Decrypts everything with the key of this backend. Rejects with `VaultError`; makes no key and changes no ciphertext. */
export async function unlockVault(
  store: SealedSecretStore,
  backend: MasterKeyStore,
  recorded: VaultMeta,
  sealed: readonly SealedSecret[],
): Promise<UnlockedVault> {
  const masterKey = await loadMasterKey(backend, recorded);
  if (masterKey === null) {
    if (backend.kind !== recorded.backend) throw new VaultError('backend_mismatch', { detail: `recorded: ${recorded.backend}` });
    throw new VaultError(backend.kind === 'keyring' ? 'keyring_wiped' : 'master_key_missing');
  }
  const meta = { ...recorded, backend: backend.kind };
  if (backend.kind !== recorded.backend) await store.writeMeta(meta);
  return { masterKey, meta, backend, held: HeldSecrets.open(masterKey, sealed) };
}

/**
 * First half of a rotation, one transaction: every secret sealed under a new key, and that key sealed under the old one,
 * which the backend still holds. Killed before `finishRotation`, the next start reads the new key through the old.
 */
export async function beginRotation(store: SealedSecretStore, before: UnlockedVault): Promise<UnlockedVault> {
  const masterKey = randomBytes(masterKeyBytes);
  const pendingKey = sealSecret(before.masterKey, pendingName, renderMasterKey(masterKey));
  const meta = { ...before.meta, keyCheck: createKeyCheck(masterKey), pendingKey };
  await store.resealAll(before.held.sealAll(masterKey), meta);
  return { ...before, masterKey, meta };
}

/** Second half, repeatable: the backend gets the new key, then the sealed copy goes. Nothing to do when none is pending. */
export async function finishRotation(store: SealedSecretStore, vault: UnlockedVault): Promise<UnlockedVault> {
  if (vault.meta.pendingKey === null) return vault;
  await vault.backend.save(vault.masterKey);
  const meta = { ...vault.meta, pendingKey: null };
  await store.writeMeta(meta);
  return { ...vault, meta };
}

/** Puts the master key into another place, or under another passphrase, and records that. The old place is left as it is. */
export async function moveMasterKey(
  store: SealedSecretStore,
  ladder: BackendLadder,
  choice: BackendChoice & { kind: NonNullable<BackendChoice['kind']> },
  vault: UnlockedVault,
): Promise<UnlockedVault> {
  const backend = createBackend(ladder, choice.kind, vault.meta.vaultId, choice.passphrase);
  if (choice.kind !== vault.backend.kind) {
    const existing = await loadExisting(backend);
    if (existing !== null && !equalKeys(existing, vault.masterKey)) throw new VaultError('master_key_mismatch', { detail: backend.label });
  }
  await backend.save(vault.masterKey);
  await verifySaved(backend, vault.masterKey);
  const meta = { ...vault.meta, backend: choice.kind, pendingKey: null };
  await store.writeMeta(meta);
  return { ...vault, backend, meta };
}

/** A file of an earlier move, sealed by another passphrase, is not ours to overwrite: nobody can tell which key it holds. */
async function loadExisting(backend: MasterKeyStore): Promise<Uint8Array | null> {
  try {
    return await backend.load();
  } catch (cause) {
    if (!(cause instanceof VaultError) || cause.code !== 'passphrase_wrong') throw cause;
    const detail = 'vault-passphrase.json lies there already: give its passphrase, or remove the file';
    throw new VaultError('passphrase_wrong', { detail, cause });
  }
}

/**
 * A move that was cut off may have left the key in the unprotected file while another place is recorded: that copy goes.
 * @returns what to tell the user when it cannot be removed
 */
export async function removeLeftoverFile(ladder: BackendLadder, { backend, masterKey }: UnlockedVault): Promise<string | null> {
  if (backend.kind === 'file') return null;
  const file = ladder.file();
  try {
    const left = await file.load();
    return left !== null && equalKeys(left, masterKey) ? await emptyPlace(file) : null;
  } catch (error) {
    return describeLeftCopy(file, error);
  }
}

/** What could not be emptied is told, not failed on: the new place already holds. */
export async function emptyPlace(backend: MasterKeyStore): Promise<string | null> {
  try {
    await backend.remove();
    return null;
  } catch (error) {
    return describeLeftCopy(backend, error);
  }
}

function describeLeftCopy(backend: MasterKeyStore, error: unknown): string {
  if (!(error instanceof VaultError)) throw error;
  return `A copy of the master key could not be removed from: ${backend.label}. ${error.message}`;
}

/** The key these ciphertexts were sealed with; null when the backend holds none; `master_key_mismatch` for any other. */
async function loadMasterKey(backend: MasterKeyStore, meta: VaultMeta): Promise<Uint8Array | null> {
  const found = await backend.load();
  if (found === null || matchesKeyCheck(found, meta.keyCheck)) return found;
  const coming = meta.pendingKey === null ? null : readPendingKey(found, meta.pendingKey);
  if (coming === null || !matchesKeyCheck(coming, meta.keyCheck)) throw new VaultError('master_key_mismatch', { detail: backend.label });
  return coming;
}

function readPendingKey(found: Uint8Array, pendingKey: Uint8Array): Uint8Array | null {
  try {
    return readMasterKey(openSecret(found, pendingName, pendingKey));
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
