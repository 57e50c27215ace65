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
  /** Default: 0, a free one. */
  port?: number;
  /** Added to `serve --port …`. */
  args?: readonly string[];
  /** All the environment there is, besides PATH, HOME and NODE_COMPILE_CACHE. */
  environment?: Readonly<Record<string, string>>;
  /** Of Node itself, before the program. */
  nodeArgs?: readonly string[];
  /** A program that runs the rest, given as its last arguments, in its own place. */
  within?: readonly string[];
  /** A channel for messages between it and the test. */
  hasChannel?: boolean;
  /** The caller key that `client` sends. */
  callerKey?: string;
}

/** `tollgate serve` as a program of its own, whatever comes of it. */
export interface StartingServe {
  readonly pid: number;
  readonly child: ChildProcess;
  /** "listening" with the URL, or "ended" with the exit code: whatever comes first. */
  readonly outcome: Promise<{ listening: string; afterMs: number } | { ended: number | null; stderr: string; afterMs: number }>;
  stdout(): string;
  stderr(): string;
  /** Resolves with the exit code when the process is gone; null when a signal ended it. Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** One that listens. */
export interface ServeProcess extends Omit<StartingServe, 'outcome'> {
  readonly url: string;
  readonly port: number;
  /** From the start of the process to its word that it listens. */
  readonly startMs: number;
  readonly client: GatewayClient;
  adminToken(): string;
  /** Runs `tollgate …` against it. */
  cli(args: readonly string[], input?: string): Promise<CliResult>;
}

/** Starts it with a umask of 0, so that a file whose mode is left to chance shows. */
export function startServe(options: ServeOptions): StartingServe {
  const folder = options.dataDir === undefined ? [] : ['--data-dir', options.dataDir];
  const serve = ['serve', '--port', String(options.port ?? 0), ...folder, ...(options.args ?? [])];
  const program = [...(options.within ?? []), process.execPath, ...(options.nodeArgs ?? []), cliEntry, ...serve];
  const startedAt = performance.now();
  const child = spawn('sh', ['-c', 'umask 0; exec "$@"', 'sh', ...program], {
    stdio: options.hasChannel === true ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    env: readEnvironment(options),
  });
  let stdout = '';
  let stderr = '';
  const { promise: outcome, resolve } = Promise.withResolvers<Awaited<StartingServe['outcome']>>();
  const exited = new Promise<number | null>((tell) => child.once('exit', tell));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const url = /(?:"url":"|listens on )(http:\/\/127\.0\.0\.1:\d+)\b/.exec(stdout)?.[1];
    if (url !== undefined) resolve({ listening: url, afterMs: performance.now() - startedAt });
  });
  child.once('close', (code) => resolve({ ended: code, stderr, afterMs: performance.now() - startedAt }));
  return {
    pid: child.pid ?? 0,
    child,
    outcome,
    stdout: () => stdout,
    stderr: () => stderr,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** @throws Error with its words when it ends instead of listening */
export async function spawnServe(options: ServeOptions): Promise<ServeProcess> {
  const { outcome, ...serve } = startServe(options);
  const result = await outcome;
  if ('ended' in result) throw new Error(`The gateway ended with ${result.ended} before it listened: ${serve.stdout()}${serve.stderr()}`);
  const url = result.listening;
  const dataDir = options.dataDir ?? join(readHome(options), '.local/share/tollgate');
  return {
    ...serve,
    url,
    port: Number(new URL(url).port),
    startMs: result.afterMs,
    client: createGatewayClient(url, dataDir, options.callerKey ?? ''),
    adminToken: () => readFileSync(join(dataDir, 'admin-token'), 'utf8').trim(),
    cli: (args, input = '') => runCliProcess(['--data-dir', dataDir, ...args], { input, environment: readEnvironment(options) }),
  };
}

function readEnvironment(options: ServeOptions): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: readHome(options), NODE_COMPILE_CACHE: compileCache, ...options.environment };
}

function readHome({ home, dataDir }: ServeOptions): string {
  return home ?? dataDir ?? '';
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
