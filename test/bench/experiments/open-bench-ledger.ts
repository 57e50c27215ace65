import type { Ledger } from '../../../src-main/store/ledger.ts';
import { openLedger } from '../../../src-main/store/open-ledger.ts';

/** A ledger with its writer thread as it is built, and the settings of an installed one. */
export async function openBenchLedger(dataDir: string): Promise<Ledger> {
  const threadUrl = new URL('../../../out/main/store/ledger-thread.js', import.meta.url);
  const { ledger } = await openLedger({ dataDir, threadUrl, clock: Date.now });
  return ledger;
}
