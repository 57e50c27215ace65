import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import { createAdminServer } from '../admin/create-admin-server.ts';
import { createEventHub } from '../admin/event-hub.ts';
import { createCallIds } from '../domain/call-id.ts';
import { demoModels } from '../proxy/demo-models.ts';
import { fetchModels } from '../proxy/fetch-models.ts';
import { createProxyCall } from '../proxy/proxy-call.ts';
import { createUpstreamPools, type NetworkSettings } from '../proxy/upstream-pools.ts';
import type { MasterKeyKind } from '../secrets/master-key.ts';
import { createRedactor } from '../secrets/redaction.ts';
import { openLedger } from '../store/open-ledger.ts';
import { openReader } from '../store/open-reader.ts';
import { createAdminServices } from './admin-services.ts';
import { openAdminToken, openDataDir } from './admin-token.ts';
import type { AllowedHosts } from './boundary.ts';
import type { LoadedConfigFile } from './config-file.ts';
import { type ConfiguredProvider, createConfiguration } from './configuration.ts';
import { createHttpServer, createRequestListener, type HttpServerOptions } from './http-server.ts';
import { createKnownModels } from './known-models.ts';
import { announceGateway, drainServers } from './lifecycle.ts';
import { listenOnLoopback } from './listen.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openGatewayVault } from './open-gateway-vault.ts';
import { createPrices } from './prices.ts';
import { createProxyDependencies } from './proxy-dependencies.ts';

export interface GatewayOptions {
  dataDir: string;
  /** 0 takes a free port. */
  port: number;
  configFile: LoadedConfigFile;
  network: NetworkSettings;
  vault: { backend: MasterKeyKind | null; passphrase: string | null; headless: boolean };
  /** Entry files of the two threads; where they are depends on how the code was built. */
  threads: { ledger: URL; reader: URL };
  /** resources/price-book.json */
  priceBookFile: string;
  /** The built UI; null = none. */
  uiDir: string | null;
  version: string;
  writeLog(line: string): void;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Things the user should be told at start (a vault that is locked, a database that was restored). */
  readonly notices: readonly string[];
  /** Stops taking calls, lets open ones finish for `graceMs`, writes everything down. */
  close(graceMs?: number): Promise<void>;
}

/** Builds and starts everything; the only place that opens and constructs. @throws GatewayError with a message for the user */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const clock = Date.now;
  openDataDir(options.dataDir);
  const adminToken = openAdminToken(options.dataDir);
  const [reader, { ledger, lastCallId, notices: ledgerNotices }] = await Promise.all([
    openReader({ dataDir: options.dataDir, threadUrl: options.threads.reader }),
    openLedger({ dataDir: options.dataDir, threadUrl: options.threads.ledger, clock }),
  ]);
  const vault = await openGatewayVault(options, reader.configStore);
  const redactor = createRedactor({
    secrets: () => [...vault.secrets(), ...options.configFile.providers.flatMap(({ key }) => key ?? []), adminToken],
  });
  const redact = (text: string): string => redactor.redact(text);
  const log = createLog({ write: options.writeLog, redact, clock });
  const configuration = createConfiguration({ stored: await reader.configStore.load(), file: options.configFile, vault, clock });
  const prices = createPrices(options.priceBookFile, () => configuration.stored().priceOverrides);
  const pools = createUpstreamPools(options.network);
  const events = createEventHub(clock());
  const metrics = createMetrics();
  const askModels = (provider: ConfiguredProvider, key: string | null) => fetchModels(pools.open, provider, key, 10_000);
  const proxy = createProxyDependencies({
    configuration,
    ledger,
    prices,
    events,
    metrics,
    redact,
    log,
    pools,
    clock,
    newCallId: createCallIds(clock, lastCallId),
    instanceId: randomBytes(8).toString('hex'),
    readModels: createKnownModels(
      configuration,
      askModels,
      clock,
      demoModels.map(({ name }) => name),
    ),
  });

  const hosts = new Set<string>();
  const serverOptions: HttpServerOptions = {
    proxyCall: createProxyCall(proxy),
    allowed: { hosts } satisfies AllowedHosts,
    onRefused: (error) => metrics.countRefused(error.code),
  };
  let url = '';
  const services = createAdminServices({
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
  let listener: RequestListener = () => {};
  const firstServer = { current: null as Server | null };
  const admin = createAdminServer(services, {
    adminToken,
    uiDir: options.uiDir,
    reportFailure: (error) => log.error('admin request failed', { error }),
    serverFactory(controlPlane) {
      listener = createRequestListener(serverOptions, controlPlane);
      firstServer.current = createHttpServer(listener, serverOptions);
      return firstServer.current;
    },
  });
  await admin.ready();
  const first = firstServer.current;
  if (first === null) throw new Error('Fastify did not take our server');
  const bound = await listenOnLoopback(first, () => createHttpServer(listener, serverOptions), options.port);
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${name}:${bound.port}`);
  url = `http://127.0.0.1:${bound.port}`;
  const withdraw = announceGateway(options.dataDir, { url, pid: process.pid, version: options.version });
  log.info('listening', { url });
  const lastUsed = setInterval(
    () => void reader.configStore.saveLastUsed(Object.fromEntries(configuration.lastUsedAt)).catch(() => {}),
    60_000,
  );
  lastUsed.unref();

  return {
    url,
    port: bound.port,
    dataDir: options.dataDir,
    notices: [
      ...ledgerNotices,
      ...reader.notices,
      ...(vault.reason === null ? [] : [vault.reason.message]),
      ...(vault.notice === null ? [] : [vault.notice]),
    ],
    async close(graceMs = 30_000) {
      clearInterval(lastUsed);
      await drainServers(bound.servers, graceMs);
      await reader.configStore.saveLastUsed(Object.fromEntries(configuration.lastUsedAt)).catch(() => {});
      await Promise.allSettled([admin.close(), pools.close()]);
      await ledger.close();
      await vault.close();
      await reader.close();
      withdraw();
    },
  };
}
