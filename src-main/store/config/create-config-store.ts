import type { ConfigStore } from '../config-store.ts';
import type { AskReader } from '../reader-thread.ts';
import { checkConfig } from './check-config.ts';

/**
 * config.db, seen from the gateway's thread.
 * @param addNotice told what of the file could not be used, whenever it is loaded
 */
export function createConfigStore(ask: AskReader, clock: () => number, addNotice: (notice: string) => void): ConfigStore {
  return {
    load: async () => {
      const { config, notices } = checkConfig(await ask('loadConfig', undefined));
      for (const notice of notices) addNotice(notice);
      return config;
    },
    saveProvider: (provider) => ask('saveProvider', provider),
    removeProvider: (id) => ask('removeProvider', id),
    saveCallerKey: (key) => ask('saveCallerKey', key),
    revokeCallerKey: (id, revokedAt) => ask('revokeCallerKey', { id, revokedAt }),
    saveLastUsed: (lastUsedAt) => ask('saveLastUsed', lastUsedAt),
    saveSettings: (settings) => ask('saveSettings', settings),
    savePriceOverrides: (items) => ask('savePriceOverrides', items),
    sealedSecrets: {
      list: () => ask('listSecrets', undefined),
      put: (id, kind, sealed) => ask('putSecret', { id, kind, sealed }),
      remove: (id) => ask('removeSecret', id),
      readMeta: () => ask('readVaultMeta', undefined),
      writeMeta: (meta) => ask('writeVaultMeta', meta),
      resealAll: (secrets, meta) => ask('resealSecrets', { secrets, meta, now: clock() }),
    },
  };
}
