import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createConfigMethods } from './config/config-methods.ts';
import { createLedgerQueries } from './reader/ledger-queries.ts';
import { serveThread } from './thread-rpc.ts';

/** What the thread is told when it is started. */
export interface ReaderThreadData {
  dataDir: string;
}

export type ReaderMethods = ReturnType<typeof createReaderMethods>;

/** Asks the thread; rejects with a GatewayError. */
export type AskReader = <Name extends keyof ReaderMethods & string>(
  name: Name,
  params: Parameters<ReaderMethods[Name]>[0],
) => Promise<Awaited<ReturnType<ReaderMethods[Name]>>>;

/** Queries of the ledger and config.db: together in one thread, because both are rare and must not stall the request loop. */
function createReaderMethods(dataDir: string) {
  const ledger = createLedgerQueries(join(dataDir, 'traces.db'));
  const config = createConfigMethods(dataDir);
  return {
    ...ledger,
    ...config,
    close: () => {
      ledger.close();
      config.closeConfig();
    },
  };
}

if (parentPort !== null) serveThread<ReaderMethods>(parentPort, createReaderMethods((workerData as ReaderThreadData).dataDir));
