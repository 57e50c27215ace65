import type { CallerKey, Provider, Settings } from '../contract/entities.ts';
import type { SealedSecretStore } from '../secrets/sealed-secret-store.ts';

/** config.db: what must never be lost (`synchronous=FULL`). Loaded once at start; every method resolves after the commit. */
export interface ConfigStore {
  load(): Promise<StoredConfig>;
  saveProvider(provider: StoredProvider): Promise<void>;
  removeProvider(id: string): Promise<void>;
  saveCallerKey(key: StoredCallerKey): Promise<void>;
  revokeCallerKey(id: string, revokedAt: number): Promise<void>;
  /** Last use per caller key id, epoch ms; written now and then, not per call. */
  saveLastUsed(lastUsedAt: Readonly<Record<string, number>>): Promise<void>;
  saveSettings(settings: Partial<Settings>): Promise<void>;
  savePriceOverrides(items: readonly unknown[]): Promise<void>;
  readonly sealedSecrets: SealedSecretStore;
}

export interface StoredConfig {
  providers: StoredProvider[];
  callerKeys: StoredCallerKey[];
  settings: Settings;
  priceOverrides: unknown[];
}

/** What the user set up; built-in providers appear only where they were changed. */
export interface StoredProvider extends Pick<Provider, 'id' | 'name' | 'dialect' | 'baseUrl' | 'models' | 'enabled'> {
  /** Origin the stored key was entered for: a key goes only to the host it was bound to. null = no key. */
  keyOrigin: string | null;
  /** For the UI; null = no key. */
  keyLastFour: string | null;
}

export interface StoredCallerKey extends Omit<CallerKey, 'source'> {
  /** SHA-256 of the key, hex; the key itself is never stored. */
  hash: string;
}
