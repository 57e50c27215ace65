import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Status } from '../../../src-main/contract/entities.ts';
import { type RunningProcess, startProcess } from './start-process.ts';
import type { Subject } from './subject.ts';
import { type ExpectedCalls, verifyLedger } from './verify-ledger.ts';

/** Tollgate as it is installed: the built program with its default settings, so everything is recorded. */
export interface GatewaySubject extends Subject {
  readonly name: 'tollgate';
  readonly process: RunningProcess;
  readonly dataDir: string;
  /** GET of the admin API; the parsed reply. @throws when it is not 200 */
  readAdmin<T>(path: string): Promise<T>;
  /** Stops it; @throws when a call is not in the ledger exactly once, as it was, with both bodies. */
  stopAndVerify(): Promise<void>;
}

export interface GatewayOptions {
  dataDir: string;
  mockUrl: string;
  core: number | null;
  logFile: string;
  /** Arguments of Node, for profiles. */
  nodeArgs?: readonly string[];
}

export const cliFile = fileURLToPath(new URL('../../../out/main/cli.js', import.meta.url));

/** As `npm run serve` and the desktop shell start it. */
const gatewayProcess = JSON.parse(readFileSync(new URL('../../../resources/gateway-process.json', import.meta.url), 'utf8')) as {
  nodeArguments: string[];
  environment: Record<string, string>;
};

const callerKey = 'tk_bench_0123456789abcdefghij';
const environment = { BENCH_PROVIDER_KEY: 'sk-upstream-0123456789', TOLLGATE_KEY: callerKey, TOLLGATE_VAULT: 'file' };

export async function startGateway(options: GatewayOptions): Promise<GatewaySubject> {
  const { dataDir, mockUrl } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const configFile = join(dataDir, 'bench-config.json');
  writeFileSync(configFile, JSON.stringify(renderConfig(mockUrl)));
  const process = await startProcess({
    name: 'tollgate',
    args: [
      ...gatewayProcess.nodeArguments,
      ...(options.nodeArgs ?? []),
      cliFile,
      'serve',
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--config',
      configFile,
      '--json',
    ],
    environment: { ...gatewayProcess.environment, ...environment },
    core: options.core,
    logFile: options.logFile,
  });
  const expected: ExpectedCalls = { ids: [], outputTokens: 0 };
  const adminToken = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();

  const readAdmin = async <T>(path: string): Promise<T> => {
    const reply = await fetch(process.url + path, { headers: { authorization: `Bearer ${adminToken}` } });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  return {
    name: 'tollgate',
    url: process.url,
    process,
    dataDir,
    translates: true,
    key: callerKey,
    count(reply, outputTokens) {
      expected.ids.push(/\r\nx-tollgate-call-id: (\S+)/.exec(reply.head)?.[1] ?? 'no call id');
      expected.outputTokens += outputTokens;
    },
    readAdmin,
    async stopAndVerify() {
      const { ledger } = await readAdmin<Status>('/admin/status');
      await process.stop();
      verifyLedger(dataDir, expected, ledger.droppedBodies);
    },
  };
}

function renderConfig(mockUrl: string): unknown {
  const keyFromEnv = 'BENCH_PROVIDER_KEY';
  return {
    providers: [
      { id: 'openai', baseUrl: `${mockUrl}/v1`, keyFromEnv },
      { id: 'anthropic', baseUrl: mockUrl, keyFromEnv },
      { id: 'gemini', baseUrl: mockUrl, keyFromEnv },
    ],
    callerKeys: [{ name: 'bench', keyFromEnv: 'TOLLGATE_KEY', tags: { env: 'bench' } }],
  };
}
