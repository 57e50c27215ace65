import { randomUUID } from 'node:crypto';
import type { BackendChoice, BackendLadder } from './backend-ladder.ts';
import { backendNotice, createBackend, establishMasterKey, rememberKeyrings } from './backend-ladder.ts';
import { createKeyCheck, sealSecret } from './envelope.ts';
import { HeldSecrets } from './held-secrets.ts';
import type { MasterKeyStore } from './master-key.ts';
import type { MasterKeyKind, SealedSecretStore } from './sealed-secret-store.ts';
import type { UnlockedVault } from './unlocked-vault.ts';
import { beginRotation, emptyPlace, finishRotation, moveMasterKey, removeLeftoverFile, unlockVault } from './unlocked-vault.ts';
import type { Vault, VaultState } from './vault.ts';
import type { VaultErrorCode } from './vault-error.ts';
import { VaultError } from './vault-error.ts';

export interface VaultOptions {
  store: SealedSecretStore;
  ladder: BackendLadder;
  /** The place the user named; null goes by what is recorded, then by the ladder. */
  backend: MasterKeyKind | null;
  /** What the user gave to open a passphrase-sealed master key. */
  passphrase: string | null;
  /** Called after `state`, `backend`, `reason` or `notice` changed. */
  onChange?: () => void;
}

/**
 * Opens what is stored. Resolves in every state of the keychain, within one keychain timeout; only a failing store
 * rejects. A master key that exists is never overwritten, and none is made while ciphertexts of another exist.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const vault = new SecretVault(options);
  await vault.retry();
  return vault;
}

const schemaVersion = 1;
const wipedCodes: readonly VaultErrorCode[] = ['keyring_wiped', 'master_key_missing', 'master_key_mismatch'];

interface StateDetail {
  unlocked?: UnlockedVault | null;
  reason?: VaultError | null;
  notice?: string | null;
}

class SecretVault implements Vault {
  readonly #store: SealedSecretStore;
  readonly #ladder: BackendLadder;
  readonly #onChange: () => void;
  /** One for all tries, so that an item made after a try was given up is found by the next. */
  readonly #newVaultId = randomUUID();
  #choice: BackendChoice;
  #state: VaultState = 'locked';
  #backend: MasterKeyStore | null = null;
  #reason: VaultError | null = null;
  #notice: string | null = null;
  #stored = new Set<string>();
  #unlocked: UnlockedVault | null = null;
  #lastTask: Promise<unknown> = Promise.resolve();

  constructor(options: VaultOptions) {
    this.#store = options.store;
    this.#ladder = rememberKeyrings(options.ladder);
    this.#onChange = options.onChange ?? (() => {});
    this.#choice = { kind: options.backend, passphrase: options.passphrase || null };
  }

  get state(): VaultState {
    return this.#state;
  }

  get backend(): { kind: MasterKeyKind; label: string } | null {
    return this.#backend === null ? null : { kind: this.#backend.kind, label: this.#backend.label };
  }

  get reason(): VaultError | null {
    return this.#reason;
  }

  get notice(): string | null {
    return this.#notice;
  }

  get damaged(): readonly string[] {
    return this.#unlocked?.held.damaged ?? [];
  }

  has(id: string): boolean {
    return this.#stored.has(id);
  }

  read(id: string): string | null {
    return this.#state === 'empty' ? null : this.#requireUnlocked().held.read(id);
  }

  secrets(): Iterable<string> {
    return this.#unlocked?.held.texts() ?? [];
  }

  save(id: string, secret: string, kind = 'provider-key'): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#unlocked === null && this.#state !== 'empty') await this.#unlock(this.#choice);
      if (this.#state === 'empty') await this.#establish(this.#choice);
      const { masterKey, held } = this.#requireUnlocked();
      await this.#store.put(id, kind, sealSecret(masterKey, { id, kind }, secret));
      held.put(id, kind, secret);
      this.#stored.add(id);
    });
  }

  remove(id: string): Promise<void> {
    return this.#exclusive(async () => {
      await this.#store.remove(id);
      this.#stored.delete(id);
      this.#unlocked?.held.remove(id);
    });
  }

  retry(passphrase?: string): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#unlocked === null) await this.#unlock({ ...this.#choice, passphrase: passphrase || this.#choice.passphrase });
    });
  }

  rotateMasterKey(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#state === 'empty') return;
      const before = await finishRotation(this.#store, this.#requireUnlocked());
      this.#unlocked = await beginRotation(this.#store, before);
      this.#unlocked = await finishRotation(this.#store, this.#unlocked);
    });
  }

  changeBackend(kind: MasterKeyKind, passphrase?: string): Promise<void> {
    return this.#exclusive(async () => {
      const choice = { kind, passphrase: passphrase || this.#choice.passphrase };
      if (this.#state === 'empty') return this.#establish(choice);
      const before = this.#requireUnlocked();
      const moves = kind !== before.backend.kind;
      if (!moves && kind !== 'passphrase') return;
      this.#unlocked = await moveMasterKey(this.#store, this.#ladder, choice, before);
      this.#choice = choice;
      const notice = moves ? await emptyPlace(before.backend) : null;
      this.#become('open', { unlocked: this.#unlocked, notice });
    });
  }

  startOver(): Promise<void> {
    return this.#exclusive(async () => {
      const meta = await this.#store.readMeta();
      const leftover = this.#backend === null ? null : await emptyPlace(this.#backend);
      for (const { id } of await this.#store.list()) await this.#store.remove(id);
      if (meta !== null) await this.#store.writeMeta({ ...meta, vaultId: randomUUID(), pendingKey: null });
      this.#stored.clear();
      this.#become('empty', { notice: leftover });
    });
  }

  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    // In its turn: a key cleared while a backend still writes it would be written as zeros.
    return this.#exclusive(async () => {
      this.#unlocked?.masterKey.fill(0);
      this.#choice = { kind: null, passphrase: null };
      this.#become('closed', {});
    });
  }

  async #unlock(choice: BackendChoice): Promise<void> {
    const sealed = await this.#store.list();
    this.#stored = new Set(sealed.map(({ id }) => id));
    if (sealed.length === 0) return this.#become('empty', {});
    const meta = await this.#store.readMeta();
    try {
      if (meta === null) throw new VaultError('master_key_missing');
      this.#backend = createBackend(this.#ladder, choice.kind ?? meta.backend, meta.vaultId, choice.passphrase);
      const unlocked = await unlockVault(this.#store, this.#backend, meta, sealed);
      this.#choice = choice;
      this.#become('open', { unlocked, notice: await removeLeftoverFile(this.#ladder, unlocked) });
      await this.#resumeRotation(unlocked);
    } catch (reason) {
      if (!(reason instanceof VaultError)) throw reason;
      this.#become(wipedCodes.includes(reason.code) ? 'wiped' : 'locked', { reason });
    }
  }

  /** The vault is open all the same when a cut-off rotation cannot be finished now. */
  async #resumeRotation(unlocked: UnlockedVault): Promise<void> {
    try {
      this.#unlocked = await finishRotation(this.#store, unlocked);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.#become('open', { unlocked, notice: `A master key rotation is unfinished. ${error.message}` });
    }
  }

  /** Only while nothing is stored. The user's word comes first, then what is recorded, then the ladder. */
  async #establish(choice: BackendChoice): Promise<void> {
    const recorded = await this.#store.readMeta();
    const vaultId = recorded?.vaultId ?? this.#newVaultId;
    try {
      const kind = choice.kind ?? recorded?.backend ?? null;
      const { backend, masterKey, notice } = await establishMasterKey(this.#ladder, { ...choice, kind }, vaultId);
      const meta = { vaultId, backend: backend.kind, keyCheck: createKeyCheck(masterKey), schemaVersion, pendingKey: null };
      await this.#store.writeMeta(meta);
      this.#choice = choice;
      this.#become('open', { unlocked: { masterKey, meta, backend, held: new HeldSecrets() }, notice });
    } catch (reason) {
      if (reason instanceof VaultError) this.#become('empty', { reason });
      throw reason;
    }
  }

  #become(state: VaultState, { unlocked = null, reason = null, notice = null }: StateDetail): void {
    this.#state = state;
    this.#unlocked = unlocked;
    this.#backend = unlocked?.backend ?? this.#backend;
    this.#reason = reason;
    const about = unlocked === null ? null : backendNotice(unlocked.backend.kind);
    this.#notice = [notice, about].filter((text) => text !== null).join(' ') || null;
    this.#onChange();
  }

  #requireUnlocked(): UnlockedVault {
    if (this.#unlocked !== null) return this.#unlocked;
    throw new VaultError('vault_unavailable', this.#reason === null ? {} : { detail: this.#reason.message, cause: this.#reason });
  }

  /** One change at a time: a save during a rotation would be sealed under the key that is going. */
  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#lastTask.then(() => {
      if (this.#state === 'closed') throw new VaultError('vault_unavailable', { detail: 'the vault is closed' });
      return task();
    });
    this.#lastTask = result.catch(() => {});
    return result;
  }
}
