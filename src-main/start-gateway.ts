import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type LoadedConfigFile, loadConfigFile, noConfigFile } from './gateway/config-file.ts';
import { createEnvironmentSecrets } from './gateway/environment-secrets.ts';
import { type Gateway, openGateway } from './gateway/gateway.ts';
import { resolveDataDir } from './machine/data-dir.ts';
import type { MasterKeyKind } from './secrets/sealed-secret-store.ts';

export interface StartOptions {
  port: number;
  dataDir: string | null;
  config: string | null;
  /** Nobody can be asked for a keychain's password. */
  headless: boolean;
  /** `import.meta.url` of the entry: files of the project are found from it, and built files keep their folders. */
  entry: string;
}

/**
 * The gateway of this machine, as every entry starts it.
 * @param environment loses the keys that are read from it
 * @throws GatewayError | StoreError
 */
export async function startGateway(options: StartOptions, environment: NodeJS.ProcessEnv): Promise<Gateway> {
  refuseInspector();
  const extension = extname(fileURLToPath(options.entry));
  const root = join(fileURLToPath(new URL('.', options.entry)), extension === '.ts' ? '..' : '../..');
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
    vault: { backend: readBackend(environment['TOLLGATE_VAULT']), passphrase, headless: options.headless },
    threads: {
      ledger: new URL(`./store/ledger-thread${extension}`, options.entry),
      reader: new URL(`./store/reader-thread${extension}`, options.entry),
    },
    priceBookFile: join(root, 'resources/price-book.json'),
    uiDir: join(root, 'out/renderer'),
    version: readVersion(root),
    writeLog: (line) => process.stderr.write(line),
  });
  keepCompiledCode();
  // A crash must not leave a half-dead gateway: what was shown is in the journal, a supervisor starts anew.
  process.on('unhandledRejection', (error) => {
    process.stderr.write(
      `${JSON.stringify({ level: 'fatal', message: error instanceof Error ? error.message : 'unhandled rejection' })}\n`,
    );
    endProcess(70, gateway.hangsOnExit());
  });
  return gateway;
}

/** `process.exit` waits for the thread pool, and so for a keychain prompt nobody answers; everything is written down by now. */
export function endProcess(code: number, hangs: boolean): never {
  if (hangs) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

/** Open answers may finish; then the process ends, with 1 when the gateway could not close in order. */
export async function closeAndEnd(gateway: Pick<Gateway, 'close' | 'hangsOnExit'>): Promise<never> {
  const code = await gateway.close().then(
    () => 0,
    () => 1,
  );
  endProcess(code, gateway.hangsOnExit());
}

/**
 * Calls come with pauses between them, in which V8 would throw code away that did not run. Set now and not on the command line:
 * Node's own code is compiled ahead for the usual switches and would all be compiled anew, which takes 60 ms.
 */
function keepCompiledCode(): void {
  setFlagsFromString('--no-flush-bytecode');
}

/** Node opens its inspector on SIGUSR1 and with it our memory to every program of this user; a listener of ours prevents it. */
function refuseInspector(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}

function readBackend(value: string | undefined): MasterKeyKind | null {
  return value === 'keyring' || value === 'passphrase' || value === 'file' ? value : null;
}

function readVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
