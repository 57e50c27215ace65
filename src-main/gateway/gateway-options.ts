import type { NetworkSettings } from '../proxy/upstream-pools.ts';
import type { MasterKeyKind } from '../secrets/sealed-secret-store.ts';
import type { LoadedConfigFile } from './config-file.ts';

/** What an entry tells the gateway; nothing below reads the environment or the command line. */
export interface GatewayOptions {
  dataDir: string;
  /** 0 takes a free port. */
  port: number;
  configFile: LoadedConfigFile;
  network: NetworkSettings;
  vault: { backend: MasterKeyKind | null; passphrase: string | null; headless: boolean };
  /** Entry files of the two threads; where they are depends on how the code was built. */
  threads: { ledger: URL; reader: URL };
  /** resources/price-book.json */
  priceBookFile: string;
  /** The built UI; null = none. */
  uiDir: string | null;
  version: string;
  writeLog(line: string): void;
}
