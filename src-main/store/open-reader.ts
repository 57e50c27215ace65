import { GatewayError } from '../domain/gateway-error.ts';
import { createConfigStore } from './config/create-config-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { startReadingThread } from './open-reader/reading-thread.ts';
import { createLedgerReader } from './reader/create-ledger-reader.ts';
import type { AskReader } from './reader-thread.ts';
import { StoreError } from './store-error.ts';

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
  const notices: string[] = [];
  const addNotice = (notice: string) => {
    if (!notices.includes(notice)) notices.push(notice);
  };
  const thread = await startReadingThread({ threadUrl, dataDir, clock, onNotice: addNotice });

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
      await thread.stop();
    },
  };
}

function rethrowForCaller(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  const code = error.code === 'bad_request' ? 'invalid_request' : 'store_unavailable';
  throw new GatewayError(code, error.message, { cause: error });
}
