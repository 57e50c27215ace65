import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GatewayError } from './domain/gateway-error.ts';
import { type LoadedConfigFile, loadConfigFile, noConfigFile } from './gateway/config-file.ts';
import { createEnvironmentSecrets } from './gateway/environment-secrets.ts';
import { type Gateway, openGateway } from './gateway/gateway.ts';
import { resolveDataDir } from './machine/data-dir.ts';
import type { MasterKeyKind } from './secrets/sealed-secret-store.ts';

export interface ServeOptions {
  port: number;
  /** Anything but loopback is refused: there is no switch for it yet. */
  host: string;
  dataDir: string | null;
  config: string | null;
  json: boolean;
}

/** Built files keep their folders, so both are found beside this entry: src-main/*.ts and out/main/*.js. */
const here = fileURLToPath(new URL('.', import.meta.url));
const extension = extname(fileURLToPath(import.meta.url));
const root = join(here, extension === '.ts' ? '..' : '../..');

/**
 * `tollgate serve`: the gateway without a window. Resolves when it listens; stops on SIGTERM and SIGINT.
 * @param environment loses the keys that are read from it
 */
export async function serve(options: ServeOptions, environment: NodeJS.ProcessEnv): Promise<Gateway> {
  refuseInspector();
  if (options.host !== '127.0.0.1' && options.host !== 'localhost') {
    throw new GatewayError(
      'config_invalid',
      `--host ${options.host} is refused: Tollgate listens on 127.0.0.1 and ::1 only, so that nobody else on the network can spend your keys. Leave --host out.`,
    );
  }
  const secrets = createEnvironmentSecrets(environment);
  const configFile: LoadedConfigFile = options.config === null ? noConfigFile : loadConfigFile(options.config, secrets.read, Date.now());
  const passphrase = secrets.read('TOLLGATE_PASSPHRASE');
  secrets.remove();
  const gateway = await openGateway({
    dataDir: options.dataDir ?? resolveDataDir(environment),
    port: options.port,
    configFile,
    network: {
      httpsProxy: environment['HTTPS_PROXY'] ?? environment['https_proxy'] ?? null,
      httpProxy: environment['HTTP_PROXY'] ?? environment['http_proxy'] ?? null,
      noProxy: environment['NO_PROXY'] ?? environment['no_proxy'] ?? null,
    },
    vault: { backend: readBackend(environment['TOLLGATE_VAULT']), passphrase, headless: true },
    threads: {
      ledger: new URL(`./store/ledger-thread${extension}`, import.meta.url),
      reader: new URL(`./store/reader-thread${extension}`, import.meta.url),
    },
    priceBookFile: join(root, 'resources/price-book.json'),
    uiDir: join(root, 'out/renderer'),
    version: readVersion(),
    writeLog: (line) => process.stderr.write(line),
  });
  stopOnSignal(gateway);
  announce(gateway, options.json, environment['npm_command'] === undefined ? 'tollgate' : 'npm run --silent tollgate --');
  return gateway;
}

function announce(gateway: Gateway, json: boolean, program: string): void {
  if (json) {
    // Whoever reads the one line does not read notes: they go where the log goes.
    for (const message of gateway.notices) process.stderr.write(`${JSON.stringify({ level: 'notice', message })}\n`);
    console.log(JSON.stringify({ event: 'listening', url: gateway.url, pid: process.pid }));
    return;
  }
  for (const notice of gateway.notices) console.log(`note: ${notice}`);
  console.log(`Tollgate listens on ${gateway.url}`);
  console.log(`  base URL for OpenAI programs: ${gateway.url}/v1`);
  console.log(`  make a key for your tools:    ${program} key create --name NAME`);
  console.log('  a model that needs no key:    demo/echo');
}

/** First signal: open answers may finish. Second: now. */
function stopOnSignal(gateway: Gateway): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) end(1, true);
    stopping = true;
    gateway.close().then(
      () => end(0, gateway.hangsOnExit()),
      () => end(1, gateway.hangsOnExit()),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A crash must not leave a half-dead gateway: what was shown is in the journal, a supervisor starts anew.
  process.on('unhandledRejection', (error) => {
    process.stderr.write(
      `${JSON.stringify({ level: 'fatal', message: error instanceof Error ? error.message : 'unhandled rejection' })}\n`,
    );
    end(70, gateway.hangsOnExit());
  });
}

/** `process.exit` waits for the thread pool, and so for a keychain prompt nobody answers; everything is written down by now. */
function end(code: number, hangs: boolean): never {
  if (hangs) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

/** Node opens its inspector on SIGUSR1 and with it our memory to every program of this user; a listener of ours prevents it. */
function refuseInspector(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}

function readBackend(value: string | undefined): MasterKeyKind | null {
  return value === 'keyring' || value === 'passphrase' || value === 'file' ? value : null;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
