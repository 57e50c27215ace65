import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigFile } from '../../src-main/contract/config-file.ts';
import type { Settings } from '../../src-main/contract/entities.ts';
import { loadConfigFile } from '../../src-main/gateway/config-file.ts';
import { type Gateway, openGateway } from '../../src-main/gateway/gateway.ts';
import { type FakeUpstream, openFakeUpstream } from './fake-upstream.ts';
import { createGatewayClient, type GatewayClient } from './test-gateway-client.ts';

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
  /** Resolves when the process is gone. Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<void>;
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
    uiDir: null,
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
export async function spawnTestGateway(options: TestGatewayOptions = {}): Promise<SpawnedGateway> {
  const upstream = options.upstream ?? (await openFakeUpstream());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const configPath = writeConfig(dataDir, upstream, options);
  const program = [join(root, 'src-main/cli.ts'), 'serve', '--port', '0', '--json', '--data-dir', dataDir, '--config', configPath];
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: dataDir, TOLLGATE_VAULT: 'file', ...readEnvironment(options) },
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stderr = (): string => Buffer.concat(errors).toString('utf8');
  const url = await readListeningLine(child, stderr);

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  }

  return {
    ...createGatewayClient(url, dataDir, callerKey),
    child,
    upstream,
    stderr,
    stop,
    async close() {
      await stop('SIGKILL');
      if (options.upstream === undefined) await upstream.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
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

function readListeningLine(child: ChildProcess, stderr: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const line of text.split('\n').slice(0, -1)) {
      if (!line.startsWith('{')) continue;
      const said = JSON.parse(line) as { event?: string; url?: string };
      if (said.event === 'listening' && said.url !== undefined) resolve(said.url);
    }
  });
  child.once('exit', (code) => reject(new Error(`The gateway ended with ${code} before it listened: ${stderr()}`)));
  return promise;
}
