import { randomBytes } from 'node:crypto';
import { createEventHub } from '../admin/event-hub.ts';
import { createCallIds } from '../domain/call-id.ts';
import { demoModels } from '../proxy/demo-models.ts';
import { fetchModels } from '../proxy/fetch-models.ts';
import { interruptCalls } from '../proxy/interrupt-calls.ts';
import { createProxyCall } from '../proxy/proxy-call.ts';
import { createUpstreamPools } from '../proxy/upstream-pools.ts';
import { createRedactor } from '../secrets/redaction.ts';
import { createAdminServices } from './admin-services.ts';
import { type ConfiguredProvider, createConfiguration } from './configuration.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { createKnownModels } from './known-models.ts';
import { announceGateway, drainServers } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openServers } from './open-servers.ts';
import { openStores, type Stores } from './open-stores.ts';
import { createPrices } from './prices.ts';
import { createProxyDependencies } from './proxy-dependencies.ts';

export interface Gateway {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Things the user should be told at start. */
  readonly notices: readonly string[];
  /** A keychain prompt is still open: it holds a thread of the process, and a normal exit would wait for it. */
  readonly hangsOnExit: () => boolean;
  /** Stops taking calls, lets open ones finish for `graceMs`, writes everything down. */
  close(graceMs?: number): Promise<void>;
}

const lastUsedEveryMs = 60_000;
/** Old bodies wait until the start is over. */
const firstRetentionMs = 60_000;
const modelsTimeoutMs = 10_000;

/** Builds and starts everything; with the functions it calls, the only place that opens and constructs. @throws GatewayError | StoreError */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const clock = Date.now;
  const stores = await openStores(options, clock);
  const { reader, ledger, vault } = stores;
  const redact = createRedaction(options, stores);
  const events = createEventHub(clock(), clock);
  const log: Log = createLog({ write: options.writeLog, redact, clock });
  const configuration = createConfiguration({ stored: await reader.configStore.load(), file: options.configFile, vault, clock });
  const prices = createPrices(options.priceBookFile, () => configuration.stored().priceOverrides);
  stores.watchVault(() => {
    log.info('vault', { state: vault.state, place: vault.backend?.label ?? null, notice: vault.reason?.message ?? vault.notice });
    events.publish(() => ({ type: 'config-changed', at: clock(), what: 'vault' }));
  });
  const pools = createUpstreamPools(options.network);
  const metrics = createMetrics();
  const askModels = (provider: ConfiguredProvider, key: string | null, timeoutMs = modelsTimeoutMs) =>
    fetchModels(pools.open, provider, key, timeoutMs);
  const demoNames = demoModels.map(({ name }) => name);
  const proxy = createProxyDependencies({
    ...{ configuration, ledger, prices, events, metrics, redact, log, pools, clock },
    newCallId: createCallIds(clock, stores.lastCallId),
    instanceId: randomBytes(8).toString('hex'),
    readModels: createKnownModels(configuration, askModels, clock, demoNames),
  });

  let url = '';
  const admin = createAdminServices({
    options,
    url: () => url,
    clock,
    reader,
    ledger,
    vault,
    configuration,
    prices,
    events,
    metrics,
    redact,
    askModels,
  });
  const listening = await openServers({
    options,
    adminToken: stores.adminToken,
    admin,
    proxyCall: createProxyCall(proxy),
    metrics,
    log,
  }).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  url = listening.url;
  const withdraw = announceGateway(options.dataDir, { url, pid: process.pid, version: options.version });
  const saveLastUsed = (): Promise<void> => reader.configStore.saveLastUsed(Object.fromEntries(configuration.lastUsedAt)).catch(() => {});
  const timer = setInterval(() => void saveLastUsed(), lastUsedEveryMs).unref();
  const keepLimits = (): void =>
    void ledger.applyRetention(configuration.settings()).catch((error: unknown) => log.error('retention failed', { error }));
  const retention = setTimeout(keepLimits, firstRetentionMs).unref();

  return {
    url,
    port: listening.port,
    dataDir: options.dataDir,
    notices: stores.notices(),
    hangsOnExit: () => vault.reason?.code === 'keyring_timeout',
    async close(graceMs = 30_000) {
      clearInterval(timer);
      clearTimeout(retention);
      // At once: pages follow the events without end, and would hold up the end for as long as an open answer may.
      const controlPlane = Promise.allSettled([listening.closeControlPlane()]);
      await drainServers(listening.servers, graceMs, () => interruptCalls(proxy.openCalls));
      await saveLastUsed();
      await Promise.allSettled([controlPlane, pools.close()]);
      await stores.close();
      withdraw();
    },
  };
}

/** Every secret held here, in every text that leaves. */
function createRedaction(options: GatewayOptions, stores: Stores): (text: string) => string {
  const fromFile = options.configFile.providers.flatMap(({ key }) => key ?? []);
  const redactor = createRedactor({ secrets: () => [...stores.vault.secrets(), ...fromFile, stores.adminToken] });
  return (text) => redactor.redact(text);
}
