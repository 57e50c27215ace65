import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type CliResult, cliEntry, compileCache, runCliProcess } from './cli-process.ts';
import { createGatewayClient, type GatewayClient } from './test-gateway-client.ts';

export interface ServeOptions {
  /** Default: where the system has it, below `home`. */
  dataDir?: string;
  /** Default: the data folder. */
  home?: string;
  /** Added to `serve --port 0`. */
  args?: readonly string[];
  /** All the environment there is, besides PATH, HOME and NODE_COMPILE_CACHE. */
  environment?: Readonly<Record<string, string>>;
  /** Of Node itself, before the program. */
  nodeArgs?: readonly string[];
  /** The caller key that `client` sends. */
  callerKey?: string;
}

/** `tollgate serve` as a program of its own. */
export interface ServeProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly child: ChildProcess;
  /** From the start of the process to its word that it listens. */
  readonly startMs: number;
  readonly client: GatewayClient;
  stdout(): string;
  stderr(): string;
  adminToken(): string;
  /** Runs `tollgate …` against it. */
  cli(args: readonly string[], input?: string): Promise<CliResult>;
  /** Resolves with the exit code when the process is gone; null when a signal ended it. Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it with a umask of 0, so that a file whose mode is left to chance shows. @throws Error with its words when it ends instead of listening */
export async function spawnServe(options: ServeOptions): Promise<ServeProcess> {
  const home = options.home ?? options.dataDir ?? '';
  const dataDir = options.dataDir ?? join(home, '.local/share/tollgate');
  const folder = options.dataDir === undefined ? [] : ['--data-dir', dataDir];
  const program = [process.execPath, ...(options.nodeArgs ?? []), cliEntry, 'serve', '--port', '0', ...folder];
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home, NODE_COMPILE_CACHE: compileCache, ...options.environment };
  const startedAt = performance.now();
  const child = spawn('sh', ['-c', 'umask 0; exec "$@"', 'sh', ...program, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  let stdout = '';
  let stderr = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const url = /(?:"url":"|listens on )(http:\/\/127\.0\.0\.1:\d+)\b/.exec(stdout)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.once('close', (code) => reject(new Error(`The gateway ended with ${code} before it listened: ${stdout}${stderr}`)));
  const url = await listening;
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    child,
    startMs: performance.now() - startedAt,
    client: createGatewayClient(url, dataDir, options.callerKey ?? ''),
    stdout: () => stdout,
    stderr: () => stderr,
    adminToken: () => readFileSync(join(dataDir, 'admin-token'), 'utf8').trim(),
    cli: (args, input = '') => runCliProcess(['--data-dir', dataDir, ...args], { input, environment }),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** What a process listens on, as "127.0.0.1:7979" and "[::1]:7979": from /proc, because `ss` is not everywhere. */
export function listListeners(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === '0A' && inodes.has(columns[9] ?? ''))
      .map((columns) => renderAddress(columns[1] ?? '')),
  );
}

/** "0100007F:1F2B": each group of eight digits is a word in the machine's byte order, the port is not. */
function renderAddress(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16));
  const name = bytes.length === 4 ? bytes.join('.') : new URL(`http://[${groups.join(':')}]/`).hostname;
  return `${name}:${Number.parseInt(port, 16)}`;
}
