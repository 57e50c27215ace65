import { type Transferable, Worker } from 'node:worker_threads';
import {
  isLedgerThreadNote,
  type LedgerThreadData,
  type LedgerThreadMethods,
  type LedgerThreadNote,
  type OpenedLedger,
} from '../ledger-messages.ts';
import { readStoreError, StoreError } from '../store-error.ts';
import { callThread, type ThreadCaller } from '../thread-rpc.ts';

/** The writer thread, started again when it ends by itself: the journal holds whatever it had not written. */
export interface WriterThread {
  opened: OpenedLedger;
  call<Name extends keyof LedgerThreadMethods>(
    name: Name,
    params: Parameters<LedgerThreadMethods[Name]>[0],
  ): Promise<Awaited<ReturnType<LedgerThreadMethods[Name]>>>;
  tell<Name extends keyof LedgerThreadMethods>(
    name: Name,
    params: Parameters<LedgerThreadMethods[Name]>[0],
    transfer?: readonly Transferable[],
  ): void;
  /** Why nobody is writing at the moment; null while the thread runs. */
  readonly failure: string | null;
  stop(): Promise<void>;
}

interface WriterThreadOptions {
  threadUrl: URL;
  dataDir: string;
  clock: () => number;
  onNote(note: LedgerThreadNote): void;
  /** A thread is gone, and a new one runs in its place. */
  onReplaced(opened: OpenedLedger): void;
}

const RESTART_MS = 1_000;
/** A leak or a monstrous body ends the thread, not the gateway. Buffers do not count. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 6 };

type Trust = LedgerThreadData['trust'];
const lessTrust: Record<Trust, Trust> = { normal: 'check', check: 'replace', replace: 'replace' };

/** @throws StoreError when traces.db cannot be opened */
export async function startWriterThread(options: WriterThreadOptions): Promise<WriterThread> {
  const runner = new ThreadRunner(options);
  await runner.startFirst();
  return runner;
}

class ThreadRunner implements WriterThread {
  readonly #options: WriterThreadOptions;
  #worker: Worker | null = null;
  #caller: ThreadCaller<LedgerThreadMethods> | null = null;
  #trust: Trust = 'normal';
  #isStopping = false;
  #restart: NodeJS.Timeout | null = null;
  opened: OpenedLedger = { lastCallId: 0, firstSegment: 1, notices: [] };
  failure: string | null = null;

  constructor(options: WriterThreadOptions) {
    this.#options = options;
  }

  call: WriterThread['call'] = (name, params) =>
    this.#caller?.call(name, params) ?? Promise.reject(new StoreError('thread_stopped', this.failure ?? 'the ledger is closed'));

  tell: WriterThread['tell'] = (name, params, transfer) => this.#caller?.tell(name, params, transfer);

  async startFirst(): Promise<void> {
    for (;;) {
      try {
        this.opened = await this.#start(true);
        return;
      } catch (error) {
        if (readStoreError(error).code !== 'corrupt' || this.#trust === 'replace') throw error;
        this.#trust = lessTrust[this.#trust];
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    await this.#worker?.terminate();
  }

  async #start(isFirst: boolean): Promise<OpenedLedger> {
    const { threadUrl, dataDir, clock } = this.#options;
    const data: LedgerThreadData = { dataDir, isFirst, trust: this.#trust, now: clock() };
    const worker = new Worker(threadUrl, { workerData: data, name: 'tollgate-ledger', resourceLimits: RESOURCE_LIMITS });
    const caller = callThread<LedgerThreadMethods>(worker);
    let failure = 'the writer thread has ended';
    worker.on('error', (error) => {
      failure = readStoreError(error).message;
    });
    worker.once('exit', () => {
      caller.stop(failure);
      if (this.#worker === worker) this.#onExit(failure);
    });
    worker.on('message', (message: unknown) => {
      if (isLedgerThreadNote(message)) this.#onNote(message, worker);
    });
    try {
      const opened = await caller.call('open', null);
      this.#worker = worker;
      this.#caller = caller;
      this.failure = null;
      return opened;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  #onNote(note: LedgerThreadNote, worker: Worker): void {
    if (note.note === 'corrupt') {
      this.#trust = lessTrust[this.#trust];
      void worker.terminate();
    }
    this.#options.onNote(note);
  }

  #onExit(failure: string): void {
    this.#worker = null;
    this.#caller = null;
    if (this.#isStopping) return;
    this.failure = failure;
    this.#restart = setTimeout(() => void this.#startAgain(), RESTART_MS);
  }

  async #startAgain(): Promise<void> {
    try {
      const opened = await this.#start(false);
      if (this.#isStopping) await this.stop();
      else this.#options.onReplaced(opened);
    } catch (error) {
      if (readStoreError(error).code === 'corrupt') this.#trust = lessTrust[this.#trust];
      this.#onExit(readStoreError(error).message);
    }
  }
}
