import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const cliEntry = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
/** Halves the start of a process that compiles forty files. */
export const compileCache = fileURLToPath(new URL('../../node_modules/.cache/tollgate-cli', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `tollgate …` as a process of its own, with no environment but what it is given. */
export function spawnCli(args: readonly string[], environment: Record<string, string> = {}) {
  return spawn(process.execPath, [cliEntry, ...args], {
    env: { TZ: 'UTC', LANG: 'en_US.UTF-8', NODE_COMPILE_CACHE: compileCache, ...environment },
  });
}

export async function runCliProcess(
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<CliResult> {
  const child = spawnCli(args, environment);
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** A data folder as a running gateway leaves it. */
export async function makeDataDir(content: { url?: string; adminToken?: string }): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tollgate-data-'));
  if (content.url !== undefined) await writeFile(join(path, 'gateway.json'), JSON.stringify({ url: content.url, pid: process.pid }));
  if (content.adminToken !== undefined) await writeFile(join(path, 'admin-token'), `${content.adminToken}\n`, { mode: 0o600 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
