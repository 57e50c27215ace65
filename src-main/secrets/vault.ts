import type { MasterKeyKind } from './sealed-secret-store.ts';
import type { VaultError } from './vault-error.ts';

/**
 * `empty`: nothing is stored, so no keychain was touched yet · `open` · `locked`: ciphertexts wait for their master key,
 * `retry` may open them · `wiped`: their master key is gone, only a restore or `startOver` helps · `closed`.
 */
export type VaultState = 'empty' | 'open' | 'locked' | 'wiped' | 'closed';

export interface Vault {
  readonly state: VaultState;
  /** Where the master key is kept; null until the first secret decides it. */
  readonly backend: { readonly kind: MasterKeyKind; readonly label: string } | null;
  /** Why the vault is not open, or why the last try to store failed. */
  readonly reason: VaultError | null;
  /** What the user has to be told about the place in use; show it wherever `backend` is shown. */
  readonly notice: string | null;
  /** Ids whose ciphertext was altered. They are kept as they are until saved again or removed. */
  readonly damaged: readonly string[];
  /** Whether something is stored under this id, also while the vault is locked. */
  has(id: string): boolean;
  /** From memory. Null when nothing is stored; throws `vault_unavailable` unless open, `secret_damaged` for an altered one. */
  read(id: string): string | null;
  /** Every secret held, for redaction. */
  secrets(): Iterable<string>;
  /** Durable when it resolves. Rejects with the keychain's own code when no place for the master key can be had. */
  save(id: string, secret: string, kind?: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Tries again to open what is locked; `state` and `reason` tell how it went. A wrong passphrase is forgotten. */
  retry(passphrase?: string): Promise<void>;
  /** Seals everything under a new master key. Killed at any time, the vault opens again; reads go on meanwhile. */
  rotateMasterKey(): Promise<void>;
  /** Moves the master key, or changes the passphrase. The old place is emptied once the new one is proven. */
  changeBackend(kind: MasterKeyKind, passphrase?: string): Promise<void>;
  /** Discards every stored secret and their master key. Only on the user's word. */
  startOver(): Promise<void>;
  close(): Promise<void>;
}
