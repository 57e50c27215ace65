import type { Vault } from '../secrets/vault.ts';
import type { Ledger } from '../store/ledger.ts';
import { type DataDirLock, lockDataDir } from '../store/lock-data-dir.ts';
import { type OpenLedger, openLedger } from '../store/open-ledger.ts';
import { type OpenReader, openReader } from '../store/open-reader.ts';
import { openAdminToken, openDataDir } from './admin-token.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { openGatewayVault } from './open-gateway-vault.ts';

/** Everything that lives in the data folder. */
export interface Stores {
  readonly adminToken: string;
  readonly reader: OpenReader;
  readonly ledger: Ledger;
  /** The greatest call id ever given. */
  readonly lastCallId: number;
  readonly vault: Vault;
  /** What the user should be told: a file that was damaged, a vault that is locked. */
  notices(): string[];
  /** The vault opened, was locked, or chose its place. */
  watchVault(listener: () => void): void;
  close(): Promise<void>;
}

/** @throws GatewayError | StoreError with a message for the user */
export async function openStores(options: GatewayOptions, clock: () => number): Promise<Stores> {
  openDataDir(options.dataDir);
  const lock = lockDataDir(options.dataDir);
  try {
    return await openLocked(options, clock, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(options: GatewayOptions, clock: () => number, lock: DataDirLock): Promise<Stores> {
  const { dataDir, threads } = options;
  const adminToken = openAdminToken(dataDir);
  const { reader, opened } = await openThreads(
    openReader({ dataDir, threadUrl: threads.reader, clock }),
    openLedger({ dataDir, threadUrl: threads.ledger, clock, limits: null }),
  );
  let onVaultChange = (): void => {};
  const vault = await openGatewayVault(options, reader.configStore, () => onVaultChange());
  return {
    adminToken,
    reader,
    ledger: opened.ledger,
    lastCallId: opened.lastCallId,
    vault,
    notices: () => [
      ...opened.notices,
      ...reader.notices,
      ...[vault.reason?.message, vault.notice].filter((text): text is string => typeof text === 'string'),
    ],
    watchVault(listener) {
      onVaultChange = listener;
    },
    async close() {
      await opened.ledger.close();
      await vault.close();
      await reader.close();
      lock.release();
    },
  };
}

/** A thread whose partner could not open would keep the process alive. */
async function openThreads(openingReader: Promise<OpenReader>, openingLedger: Promise<OpenLedger>) {
  const [reader, opened] = await Promise.allSettled([openingReader, openingLedger]);
  if (reader.status === 'fulfilled' && opened.status === 'fulfilled') return { reader: reader.value, opened: opened.value };
  if (reader.status === 'fulfilled') await reader.value.close();
  if (opened.status === 'fulfilled') await opened.value.ledger.close();
  throw reader.status === 'rejected' ? reader.reason : (opened as PromiseRejectedResult).reason;
}
