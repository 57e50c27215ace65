import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpConnection } from './load/http-connection.ts';
import type { BenchOptions } from './options.ts';
import { type GatewaySubject, startGateway } from './subjects/gateway.ts';
import { type RunningProcess, startProcess } from './subjects/start-process.ts';
import { createPlainSubject, type Subject } from './subjects/subject.ts';
import { defaultReplies, type ReplySettings } from './upstream/prebuilt-replies.ts';

/** The subject has a core for itself; load and mock share the other, in every measurement alike. */
const SUBJECT_CORE = 0;
const LOAD_CORE = 1;

const fileHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What experiments are made with. */
export interface Lab {
  readonly options: BenchOptions;
  /** An empty folder of this name. */
  openDir(name: string): string;
  readonly mockUrl: string;
  /** Cores for a process that is measured by itself; null = no choice. */
  readonly allCores: string | null;
  /** How the mock answers from now on. */
  setReplies(settings?: Partial<ReplySettings>): Promise<void>;
  startRelay(): Promise<Subject & { process: RunningProcess }>;
  startTollgate(dataDir: string, nodeArgs?: readonly string[]): Promise<GatewaySubject>;
  say(text: string): void;
  close(): Promise<void>;
}

export async function openLab(options: BenchOptions): Promise<Lab> {
  rmSync(options.dir, { recursive: true, force: true });
  mkdirSync(options.dir, { recursive: true });
  const pinned = availableParallelism() > 1;
  if (pinned) execFileSync('taskset', ['-a', '-c', '-p', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
  if (process.getuid?.() === 0) setPriority(-20);
  const logFile = join(options.dir, 'processes.log');
  const mock = await startProcess({
    name: 'mock',
    args: [fileHere('upstream/mock-upstream.ts')],
    core: pinned ? LOAD_CORE : null,
    logFile,
  });
  const core = pinned ? SUBJECT_CORE : null;

  return {
    options,
    openDir(name) {
      const dir = join(options.dir, name);
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      return dir;
    },
    mockUrl: mock.url,
    allCores: pinned ? `${SUBJECT_CORE},${LOAD_CORE}` : null,
    async setReplies(settings = {}) {
      const body = JSON.stringify({ ...defaultReplies, ...settings });
      const connection = new HttpConnection(mock.url);
      await connection.send(Buffer.from(`PUT /__settings HTTP/1.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
      connection.destroy();
    },
    async startRelay() {
      const process = await startProcess({ name: 'relay', args: [fileHere('upstream/relay.mjs'), mock.url], core, logFile });
      return { ...createPlainSubject('relay', process.url, process), process };
    },
    startTollgate: (dataDir, nodeArgs = []) =>
      startGateway({ dataDir, mockUrl: mock.url, core, logFile, nodeArgs: [...nodeArgs, ...options.nodeArgs] }),
    say: (text) => console.error(text),
    close: () => mock.stop(),
  };
}
