import { Worker } from 'node:worker_threads';
import { GatewayError } from '../domain/gateway-error.ts';
import { createConfigStore } from './config/create-config-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { createLedgerReader } from './reader/create-ledger-reader.ts';
import type { AskReader, ReaderMethods, ReaderThreadData } from './reader-thread.ts';
import { StoreError } from './store-error.ts';
import { callThread } from './thread-rpc.ts';

export interface ReaderOptions {
  /** Must exist. */
  dataDir: string;
  /** Of reader-thread.ts, or of what the build made of it. */
  threadUrl: URL;
  clock?: () => number;
  /** From opening to the first backup of config.db: it must not be in the way of the start. */
  backUpAfterMs?: number;
}

export interface OpenReader {
  ledgerReader: LedgerReader;
  configStore: ConfigStore;
  /** What the user should know: a damaged settings file, a failed backup. Grows while open. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

const FIRST_BACKUP_MS = 10_000;
/** Each look finds out whether a new day has begun. */
const BACKUP_LOOK_MS = 3_600_000;

/**
 * Starts the thread that answers queries and keeps config.db. The ledger itself is opened by the first query.
 * @throws StoreError when config.db cannot be opened: `newer_schema`, `io`, …
 */
export async function openReader(options: ReaderOptions): Promise<OpenReader> {
  const { dataDir, threadUrl, clock = Date.now } = options;
  const worker = new Worker(threadUrl, { workerData: { dataDir } satisfies ReaderThreadData, name: 'tollgate-reader' });
  const thread = callThread<ReaderMethods>(worker);
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.once('error', (error) => thread.stop(`the store's reading thread failed: ${error.message}`));
  worker.once('exit', () => thread.stop("the store's reading thread has ended"));

  const notices: string[] = [];
  try {
    notices.push(...(await thread.call('openConfig', { now: clock() })));
  } catch (error) {
    await worker.terminate();
    throw error;
  }

  const addNotice = (notice: string) => {
    if (!notices.includes(notice)) notices.push(notice);
  };
  const backUp = () => {
    thread
      .call('backUpConfig', { now: clock() })
      .catch((error: Error) => addNotice(`The daily backup of the settings failed: ${error.message}`));
  };
  const timers = [setTimeout(backUp, options.backUpAfterMs ?? FIRST_BACKUP_MS).unref(), setInterval(backUp, BACKUP_LOOK_MS).unref()];

  const ask: AskReader = (name, params) => thread.call(name, params).catch(rethrowForCaller);
  return {
    ledgerReader: createLedgerReader(ask),
    configStore: createConfigStore(ask, clock, addNotice),
    notices,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await thread.call('close', undefined).catch(() => null);
      await worker.terminate();
      await ended;
    },
  };
}

function rethrowForCaller(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  const code = error.code === 'bad_request' ? 'invalid_request' : 'store_unavailable';
  throw new GatewayError(code, error.message, { cause: error });
}
