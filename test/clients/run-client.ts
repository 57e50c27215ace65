import { spawn } from 'node:child_process';

export interface ClientRun {
  readonly stdout: string;
  readonly stderr: string;
  /** null when it had to be ended. */
  readonly exitCode: number | null;
}

export interface ClientCommand {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Its working folder. */
  readonly cwd: string;
  /** All it gets, beside PATH. */
  readonly environment: Readonly<Record<string, string>>;
}

const timeoutMs = 90_000;

/** Runs a client to its end. After a minute and a half it is ended, and with it all that it has started. */
export async function runClient({ command, cwd, environment }: ClientCommand): Promise<ClientRun> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that its children go with it.
    detached: true,
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const { promise: exited, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', () => endGroup(child.pid));
  child.once('close', resolve);
  const timer = setTimeout(() => endGroup(child.pid), timeoutMs);
  const exitCode = await exited.finally(() => clearTimeout(timer));
  return { stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(errors).toString('utf8'), exitCode };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
