import type { Settings } from '../../contract/entities.ts';
import type { SealedSecret, VaultMeta } from '../../secrets/sealed-secret-store.ts';
import type { StoredCallerKey, StoredProvider } from '../config-store.ts';
import type { Sqlite } from '../database.ts';
import { StoreError } from '../store-error.ts';
import { backUpConfig, renewBackups } from './back-up-config.ts';
import { type ConfigRows, createConfigRows, type RawConfig } from './config-rows.ts';
import { openConfigDatabase } from './open-config-database.ts';
import { createSealedSecrets, type SealedSecretRows } from './sealed-secrets.ts';

interface OpenFile {
  db: Sqlite;
  rows: ConfigRows;
  secrets: SealedSecretRows;
}

/** What the thread does with config.db. `openConfig` comes first; `now` is always epoch ms. All throw StoreErrors. */
export function createConfigMethods(dataDir: string) {
  let open: OpenFile | null = null;
  const file = (): OpenFile => {
    if (open === null) throw new StoreError('bad_request', 'config.db is not open');
    return open;
  };

  return {
    /** @returns notices for the user */
    openConfig: ({ now }: { now: number }): string[] => {
      const { db, notices } = openConfigDatabase(dataDir, now);
      open = { db, rows: createConfigRows(db), secrets: createSealedSecrets(db) };
      return notices;
    },
    closeConfig: () => {
      open?.db.close();
      open = null;
    },
    backUpConfig: ({ now }: { now: number }) => backUpConfig(file().db, dataDir, now),

    loadConfig: (): RawConfig => file().rows.load(),
    saveProvider: (provider: StoredProvider) => file().rows.saveProvider(provider),
    removeProvider: (id: string) => file().rows.removeProvider(id),
    saveCallerKey: (key: StoredCallerKey) => file().rows.saveCallerKey(key),
    revokeCallerKey: ({ id, revokedAt }: { id: string; revokedAt: number }) => file().rows.revokeCallerKey(id, revokedAt),
    saveLastUsed: (lastUsedAt: Readonly<Record<string, number>>) => file().rows.saveLastUsed(lastUsedAt),
    saveSettings: (settings: Partial<Settings>) => file().rows.saveSettings(settings),
    savePriceOverrides: (items: readonly unknown[]) => file().rows.savePriceOverrides(items),

    listSecrets: (): SealedSecret[] => file().secrets.list(),
    putSecret: (secret: SealedSecret) => file().secrets.put(secret),
    removeSecret: (id: string) => file().secrets.remove(id),
    readVaultMeta: (): VaultMeta | null => file().secrets.readMeta(),
    writeVaultMeta: (meta: VaultMeta) => file().secrets.writeMeta(meta),
    resealSecrets: ({ secrets, meta, now }: { secrets: readonly SealedSecret[]; meta: VaultMeta; now: number }) => {
      file().secrets.resealAll(secrets, meta);
      renewBackups(file().db, dataDir, now);
    },
  };
}
