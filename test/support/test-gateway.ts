import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigFile } from '../../src-main/contract/config-file.ts';
import type { Settings } from '../../src-main/contract/entities.ts';
import { loadConfigFile } from '../../src-main/gateway/config-file.ts';
import { type Gateway, openGateway } from '../../src-main/gateway/gateway.ts';
import { type FakeUpstream, openFakeUpstream } from './fake-upstream.ts';
import { type ServeOptions, spawnServe } from './serve-process.ts';
import type { StallMessage } from './stall-reporter.ts';
import { createGatewayClient, type GatewayClient } from './test-gateway-client.ts';
import type { Stall } from './watch-process.ts';

type ProviderEntry = NonNullable<ConfigFile['providers']>[number];
type CallerKeyEntry = NonNullable<ConfigFile['callerKeys']>[number];

export interface TestGatewayOptions {
  /** Added to the five below; one with the same id replaces it. */
  providers?: readonly ProviderEntry[];
  /** Added to the key "test"; their texts go into `environment`. */
  callerKeys?: readonly CallerKeyEntry[];
  settings?: Partial<Settings>;
  environment?: Readonly<Record<string, string>>;
  /** Default: one of its own, closed with the gateway. */
  upstream?: FakeUpstream;
  /** Default: a new temporary folder, removed at close. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** Serves the built window. */
  withWindow?: boolean;
}

export interface TestGateway extends GatewayClient {
  readonly gateway: Gateway;
  readonly upstream: FakeUpstream;
  /** Everything the gateway has logged. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface SpawnedGateway extends GatewayClient {
  readonly child: ChildProcess;
  readonly upstream: FakeUpstream;
  /** What it has written to stderr so far. */
  stderr(): string;
  /** Watches its event loop, in which nothing of the test runs. */
  watchStall(): Promise<{ end(): Promise<Stall> }>;
  /** Resolves with the exit code when the process is gone; null when a signal ended it. Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** Keys the gateway holds for its providers; none of these texts may ever be seen anywhere but upstream. */
export const upstreamKeys = {
  OPENAI_API_KEY: 'sk-test-openai-AAAAAAAAAAAAAAAAAAAAAAAA',
  ANTHROPIC_API_KEY: 'sk-ant-test-BBBBBBBBBBBBBBBBBBBBBBBBBBBB',
  GEMINI_API_KEY: 'AIzaTestCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC',
  XAI_API_KEY: 'xai-test-DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD',
} as const;

export const callerKey = 'tk_test_caller_key_0123456789abcdefghij';

const stallReporter = new URL('stall-reporter.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A gateway in this process on a free port, all of its providers at a fake upstream. */
export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const upstream = options.upstream ?? (await openFakeUpstream());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const configPath = writeConfig(dataDir, upstream, options);
  const log: string[] = [];
  const source = (path: string): URL => new URL(`../../src-main/${path}`, import.meta.url);
  const gateway = await openGateway({
    dataDir,
    port: options.port ?? 0,
    configFile: loadConfigFile(configPath, (name) => readEnvironment(options)[name] ?? null, Date.now()),
    network: { httpsProxy: null, httpProxy: null, noProxy: null },
    vault: { backend: 'file', passphrase: null, headless: true },
    threads: { ledger: source('store/ledger-thread.ts'), reader: source('store/reader-thread.ts') },
    priceBookFile: join(root, 'resources/price-book.json'),
    uiDir: options.withWindow === true ? join(root, 'out/renderer') : null,
    version: '0.0.0-test',
    writeLog: (line) => void log.push(line),
  });
  return {
    ...createGatewayClient(gateway.url, dataDir, callerKey),
    gateway,
    upstream,
    log,
    async close() {
      await gateway.close(0);
      if (options.upstream === undefined) await upstream.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same as a program of its own: `tollgate serve --port 0 --json`. */
export async function spawnTestGateway(options: TestGatewayOptions & Pick<ServeOptions, 'within'> = {}): Promise<SpawnedGateway> {
  const upstream = options.upstream ?? (await openFakeUpstream());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const configPath = writeConfig(dataDir, upstream, options);
  const serve = await spawnServe({
    dataDir,
    args: ['--json', '--config', configPath],
    environment: { TOLLGATE_VAULT: 'file', ...readEnvironment(options) },
    nodeArgs: ['--import', stallReporter],
    hasChannel: true,
    within: options.within ?? [],
    callerKey,
  });
  return {
    ...serve.client,
    child: serve.child,
    upstream,
    stderr: serve.stderr,
    watchStall: () => watchChild(serve.child),
    stop: serve.stop,
    async close() {
      await serve.stop('SIGKILL');
      if (options.upstream === undefined) await upstream.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function watchChild(child: ChildProcess): Promise<{ end(): Promise<Stall> }> {
  const exchange = async (): Promise<StallMessage> => {
    const answer = once(child, 'message');
    child.send('next');
    return (await answer)[0] as StallMessage;
  };
  await exchange();
  return {
    async end() {
      const answer = await exchange();
      if (!('stall' in answer)) throw new Error('The gateway was not watched.');
      return answer.stall;
    },
  };
}

function writeConfig(dataDir: string, upstream: FakeUpstream, options: TestGatewayOptions): string {
  const { origin } = upstream;
  const added = options.providers ?? [];
  const providers: ProviderEntry[] = [
    { id: 'openai', baseUrl: `${origin}/openai/v1`, keyFromEnv: 'OPENAI_API_KEY' },
    { id: 'anthropic', baseUrl: `${origin}/anthropic`, keyFromEnv: 'ANTHROPIC_API_KEY' },
    { id: 'gemini', baseUrl: `${origin}/gemini`, keyFromEnv: 'GEMINI_API_KEY' },
    { id: 'xai', baseUrl: `${origin}/xai/v1`, keyFromEnv: 'XAI_API_KEY' },
    { id: 'local', baseUrl: `${origin}/local/v1`, models: ['llama3.2'] },
  ];
  const config: ConfigFile = {
    providers: [...providers.filter(({ id }) => !added.some((other) => other.id === id)), ...added],
    callerKeys: [{ name: 'test', keyFromEnv: 'TEST_CALLER_KEY' }, ...(options.callerKeys ?? [])],
    settings: options.settings ?? {},
  };
  const path = join(dataDir, 'config-for-test.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

function readEnvironment(options: TestGatewayOptions): Record<string, string> {
  return { ...upstreamKeys, TEST_CALLER_KEY: callerKey, ...options.environment };
}
