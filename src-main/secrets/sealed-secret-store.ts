/** Where the master key lives: an item of the OS keychain, a file sealed by a passphrase, or a plain 0600 file. */
export type MasterKeyKind = 'keyring' | 'passphrase' | 'file';

/** What the vault has to know before it can open. None of it is secret. */
export interface VaultMeta {
  /** Names this vault's item in the keychain, so that two data folders never share or overwrite one master key. */
  readonly vaultId: string;
  readonly backend: MasterKeyKind;
  /** Tells the right master key from a wrong one before anything is decrypted. */
  readonly keyCheck: Uint8Array;
  readonly schemaVersion: number;
  /** While a rotation is unfinished: the new master key, sealed under the old one. */
  readonly pendingKey: Uint8Array | null;
}

export interface SealedSecret {
  /** Unique over all kinds. */
  readonly id: string;
  /** What the secret is, e.g. `provider-key`; bound into the ciphertext. */
  readonly kind: string;
  readonly sealed: Uint8Array;
}

/**
 * Keeps ciphertexts and the vault's meta row. Every method that changes something resolves only once the change is
 * durable, and overwritten ciphertexts must not stay readable in the file (`secure_delete`).
 */
export interface SealedSecretStore {
  list(): Promise<SealedSecret[]>;
  /** Inserts or replaces the secret with this id. */
  put(id: string, kind: string, sealed: Uint8Array): Promise<void>;
  /** Removing what is not there is no error. */
  remove(id: string): Promise<void>;
  readMeta(): Promise<VaultMeta | null>;
  writeMeta(meta: VaultMeta): Promise<void>;
  /** In one transaction: replaces each of these secrets and the meta row. Rows not named stay as they are. */
  resealAll(secrets: readonly SealedSecret[], meta: VaultMeta): Promise<void>;
}
