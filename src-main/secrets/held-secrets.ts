import { openSecret, sealSecret } from './envelope.ts';
import type { SealedSecret } from './sealed-secret-store.ts';
import { VaultError } from './vault-error.ts';

interface HeldSecret {
  readonly kind: string;
  readonly text: string;
}

/** The decrypted secrets, in memory only. Private fields: neither JSON, nor `util.inspect`, nor an error shows them. */
export class HeldSecrets {
  readonly #held = new Map<string, HeldSecret>();
  readonly #damaged = new Set<string>();

  /** Opens every ciphertext on its own, so that a damaged one costs only itself. */
  static open(masterKey: Uint8Array, sealedSecrets: readonly SealedSecret[]): HeldSecrets {
    const secrets = new HeldSecrets();
    for (const { id, kind, sealed } of sealedSecrets) {
      try {
        secrets.#held.set(id, { kind, text: openSecret(masterKey, { id, kind }, sealed) });
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        secrets.#damaged.add(id);
      }
    }
    return secrets;
  }

  get damaged(): readonly string[] {
    return [...this.#damaged];
  }

  /** Null when there is none; throws `secret_damaged` when there is one that did not open. */
  read(id: string): string | null {
    if (this.#damaged.has(id)) throw new VaultError('secret_damaged', { detail: id });
    return this.#held.get(id)?.text ?? null;
  }

  *texts(): Iterable<string> {
    for (const { text } of this.#held.values()) yield text;
  }

  put(id: string, kind: string, text: string): void {
    this.#damaged.delete(id);
    this.#held.set(id, { kind, text });
  }

  remove(id: string): void {
    this.#damaged.delete(id);
    this.#held.delete(id);
  }

  /** Everything held, sealed under this key. Damaged ones are left out: what they held is not known. */
  sealAll(masterKey: Uint8Array): SealedSecret[] {
    return Array.from(this.#held, ([id, { kind, text }]) => ({ id, kind, sealed: sealSecret(masterKey, { id, kind }, text) }));
  }
}
