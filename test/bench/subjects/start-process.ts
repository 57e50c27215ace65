import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { readCpuUs, readProcessTree } from './process-usage.ts';

/** A started process that has said where it listens. */
export interface RunningProcess {
  readonly pid: number;
  readonly url: string;
  /** `performance.now()` of the spawn. */
  readonly spawnedAt: number;
  /** CPU of its whole tree so far, microseconds. */
  readCpuUs(): number;
  /** Waits until it has finished what the load left behind (a tenth of a second almost without CPU), at most 20 s. */
  settle(): Promise<void>;
  /** Waits, at most 20 s, until there is nothing left that waits for a quiet second either: Tollgate's search index. */
  rest(): Promise<void>;
  /** SIGTERM, and after 30 s SIGKILL. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  name: string;
  /** Arguments of Node. */
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** The core it may use; null = all. */
  core: number | null;
  /** File for what it says on stderr. */
  logFile: string;
}

/**
 * How to run Node on these cores ("0", "0,1"; null = wherever we may run ourselves), before other programs where that is
 * allowed: what they take from a cache shows as CPU of ours.
 */
export function renderCommand(nodeArgs: readonly string[], cores: string | null): { command: string; args: string[] } {
  const nice = process.getuid?.() === 0 ? ['nice', '-n', '-20'] : [];
  const pin = cores === null ? [] : ['taskset', '-c', cores];
  const [command = '', ...args] = [...nice, ...pin, process.execPath, ...nodeArgs];
  return { command, args };
}

/** Starts Node with these arguments; resolves at its first line, {"event":"listening","url"}. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { command, args } = renderCommand(options.args, options.core === null ? null : String(options.core));
  const log = openSync(options.logFile, 'a');
  const spawnedAt = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  const killNow = (): boolean => child.kill('SIGKILL');
  process.once('exit', killNow);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.off('exit', killNow);
      resolve();
    }),
  );
  const url = await readListeningUrl(child, ended, options);
  const pid = child.pid ?? 0;
  const pids = readProcessTree(pid);
  return {
    pid,
    url,
    spawnedAt,
    readCpuUs: () => readCpuUs(pids),
    settle: () => waitForQuiet(pids, 1),
    rest: () => waitForQuiet(pids, QUIET_TENTHS),
    async stop() {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Tenths of a second; Tollgate's work that can wait begins after ten. */
const QUIET_TENTHS = 13;

/** Until so many tenths of a second in a row went by almost without CPU, at most 20 s. */
async function waitForQuiet(pids: readonly number[], tenths: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  let last = readCpuUs(pids);
  for (let quiet = 0; quiet < tenths && performance.now() < deadline; ) {
    await wait(100);
    const now = readCpuUs(pids);
    quiet = now - last < 1_500 ? quiet + 1 : 0;
    last = now;
  }
}

async function readListeningUrl(child: ChildProcess, ended: Promise<void>, options: ProcessOptions): Promise<string> {
  if (child.stdout === null) throw new Error('no output to read');
  const firstLine = new Promise<string>((resolve) => {
    if (child.stdout !== null) createInterface(child.stdout).once('line', resolve);
  });
  const line = await Promise.race([firstLine, ended.then(() => null)]);
  child.stdout.resume();
  if (line === null) throw new Error(`${options.name} ended before it listened:\n${readFileSync(options.logFile, 'utf8').slice(-2000)}`);
  const { url } = JSON.parse(line) as { url: string };
  return url;
}
