import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Halves the start of a process that compiles hundreds of files. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/tollgate-cli', import.meta.url));
const entry = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));

export interface ServeProcess {
  readonly pid: number;
  /** "listening" with the URL, or "ended" with the exit code: whatever comes first. */
  readonly outcome: Promise<{ listening: string } | { ended: number | null; stderr: string; afterMs: number }>;
  /** Resolves when the process is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** `tollgate serve --json` without providers, for questions of who may start where. */
export function spawnServe(dataDir: string, port = 0): ServeProcess {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [entry, 'serve', '--json', '--port', String(port), '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: dataDir, TOLLGATE_VAULT: 'file', NODE_COMPILE_CACHE: compileCache },
  });
  const { promise: outcome, resolve } = Promise.withResolvers<Awaited<ServeProcess['outcome']>>();
  const { promise: gone, resolve: noteGone } = Promise.withResolvers<void>();
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    const url = /"event":"listening","url":"([^"]+)"/.exec(stdout)?.[1];
    if (url !== undefined) resolve({ listening: url });
  });
  child.once('close', (code) => {
    noteGone();
    resolve({ ended: code, stderr, afterMs: performance.now() - startedAt });
  });
  return {
    pid: child.pid ?? 0,
    outcome,
    async stop(signal) {
      child.kill(signal);
      await gone;
    },
  };
}
