import { randomBytes } from 'node:crypto';
import type { AdminServices, EventHub } from '../admin/admin-services.ts';
import type { AdminEvent } from '../contract/admin-events.ts';
import { dialects } from '../dialects/registry.ts';
import type { FetchedModels } from '../proxy/fetch-models.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Ledger } from '../store/ledger.ts';
import type { OpenReader } from '../store/open-reader.ts';
import { createCallerKeyDirectory } from './caller-key-directory.ts';
import type { Configuration, ConfiguredProvider } from './configuration.ts';
import type { GatewayOptions } from './gateway-options.ts';
import type { Metrics } from './metrics.ts';
import type { Prices } from './prices.ts';
import { createProviderDirectory } from './provider-directory.ts';
import { createVaultControl } from './vault-control.ts';

export interface AdminParts {
  options: Pick<GatewayOptions, 'dataDir' | 'vault' | 'version'>;
  url(): string;
  clock(): number;
  reader: OpenReader;
  ledger: Ledger;
  vault: Vault;
  configuration: Configuration;
  prices: Prices;
  events: EventHub;
  metrics: Metrics;
  redact(text: string): string;
  askModels(provider: ConfiguredProvider, key: string | null, timeoutMs?: number): Promise<FetchedModels>;
}

/** What the control plane works on, made of the gateway's parts. */
export function createAdminServices(parts: AdminParts): AdminServices {
  const { configuration, prices, vault, ledger, clock } = parts;
  const store = parts.reader.configStore;
  const tell = (what: Extract<AdminEvent, { type: 'config-changed' }>['what']) => () =>
    parts.events.publish(() => ({ type: 'config-changed', at: clock(), what }));

  return {
    version: parts.options.version,
    dataDir: parts.options.dataDir,
    startedAt: clock(),
    url: parts.url,
    clock,
    reader: parts.reader.ledgerReader,
    ledger: {
      get health() {
        return ledger.health;
      },
      deleteCall: (id) => ledger.deleteCalls([id]),
      flush: () => ledger.flush(),
    },
    providers: createProviderDirectory({
      configuration,
      store,
      vault,
      dialects,
      fetchModels: parts.askModels,
      redact: parts.redact,
      onChanged: tell('providers'),
    }),
    callerKeys: createCallerKeyDirectory({
      configuration,
      store,
      clock,
      newId: () => `key_${randomBytes(9).toString('base64url')}`,
      onChanged: tell('keys'),
    }),
    settings: {
      read: () => configuration.settings(),
      async save(change) {
        await store.saveSettings(change);
        configuration.replaceStored(await store.load());
        tell('settings')();
        // A failure shows in the ledger's health.
        if (Object.keys(change).some((name) => name.includes('Max'))) void ledger.applyRetention(configuration.settings()).catch(() => {});
        return configuration.settings();
      },
    },
    prices: {
      listOverrides: () => configuration.stored().priceOverrides,
      async saveOverrides(items) {
        prices.checkOverrides(items);
        await store.savePriceOverrides(items);
        configuration.replaceStored(await store.load());
        prices.reload();
        tell('prices')();
        return configuration.stored().priceOverrides;
      },
      explain: (priceRow, usage) => prices.explain(priceRow, usage),
      knows: (provider, model) => prices.knows(provider, model, clock()),
    },
    vault: createVaultControl(vault, parts.options.vault.backend),
    events: parts.events,
    readMetrics: () => parts.metrics.read(),
  };
}
