import { Worker } from 'node:worker_threads';
import type { AskReader, ReaderMethods, ReaderThreadData } from '../reader-thread.ts';
import { readStoreError, StoreError } from '../store-error.ts';
import { callThread, type ThreadCaller } from '../thread-rpc.ts';

/** The thread that answers queries and keeps config.db, started again when it ends by itself. */
export interface ReadingThread {
  /** Rejects with a StoreError: the thread's own, or `thread_stopped` while there is none. */
  call: AskReader;
  stop(): Promise<void>;
}

interface ReadingThreadOptions {
  threadUrl: URL;
  dataDir: string;
  clock: () => number;
  onNotice(notice: string): void;
}

/** A query that kills it would do so again: at most one new thread a second. */
const RESTART_MS = 1_000;

/** @throws StoreError when config.db cannot be opened */
export async function startReadingThread(options: ReadingThreadOptions): Promise<ReadingThread> {
  const runner = new ThreadRunner(options);
  await runner.start();
  return runner;
}

class ThreadRunner implements ReadingThread {
  readonly #options: ReadingThreadOptions;
  #worker: Worker | null = null;
  /** null while no thread has config.db open. */
  #caller: ThreadCaller<ReaderMethods> | null = null;
  #failure = 'the store is closed';
  #isStopping = false;
  #restart: NodeJS.Timeout | null = null;

  constructor(options: ReadingThreadOptions) {
    this.#options = options;
  }

  call: AskReader = (name, params) => this.#caller?.call(name, params) ?? Promise.reject(new StoreError('thread_stopped', this.#failure));

  async start(): Promise<void> {
    const { threadUrl, dataDir, clock, onNotice } = this.#options;
    const worker = new Worker(threadUrl, { workerData: { dataDir } satisfies ReaderThreadData, name: 'tollgate-reader' });
    this.#worker = worker;
    const caller = callThread<ReaderMethods>(worker);
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = readStoreError(error).message;
    });
    worker.once('exit', () => {
      caller.stop(describeFailure(reason));
      if (this.#caller === caller) this.#onExit(reason);
    });
    try {
      for (const notice of await caller.call('openConfig', { now: clock() })) onNotice(notice);
      this.#caller = caller;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    await this.#caller?.call('close', undefined).catch(() => null);
    this.#caller = null;
    this.#failure = 'the store is closed';
    // Resolves when the thread is gone.
    await this.#worker?.terminate();
  }

  #onExit(reason: string): void {
    this.#caller = null;
    if (this.#isStopping) return;
    this.#options.onNotice(`The thread that reads the store failed and is started again: ${reason}.`);
    this.#startLater(describeFailure(reason));
  }

  #startLater(failure: string): void {
    this.#failure = `${failure}; a new one is being started, try again in a second`;
    this.#restart = setTimeout(() => void this.#startAgain(), RESTART_MS);
  }

  async #startAgain(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      if (!this.#isStopping) this.#startLater(readStoreError(error).message);
    }
  }
}

function describeFailure(reason: string): string {
  return `the store's reading thread failed: ${reason}`;
}
