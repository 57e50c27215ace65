import { parentPort, workerData } from 'node:worker_threads';
import type { LedgerThreadData, LedgerThreadMethods } from './ledger-messages.ts';
import { openWriter } from './ledger-writer/open-writer.ts';
import { readStoreError } from './store-error.ts';
import { serveThread, type ThreadPort } from './thread-rpc.ts';

// The entry of the writer thread, which owns traces.db. See docs/decisions/0004-journal-and-writer-thread.md.
if (parentPort !== null) serve(parentPort, workerData as LedgerThreadData);

function serve(port: ThreadPort, data: LedgerThreadData): void {
  try {
    const { opened, methods } = openWriter(data, (note) => port.postMessage(note));
    serveThread<LedgerThreadMethods>(port, { ...methods, open: () => opened });
  } catch (error) {
    serveThread(port, {
      open: () => {
        throw readStoreError(error);
      },
    });
  }
}
