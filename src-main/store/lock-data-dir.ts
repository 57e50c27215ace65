import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readStoreError, StoreError } from './store-error.ts';

/** Held as long as this process lives; the system lets go of it when the process dies, however it does. */
export interface DataDirLock {
  release(): void;
}

/**
 * Takes the data folder for this process. Two gateways on one ledger would each end the other's open calls.
 * The lock is SQLite's own on an empty file: no lock file can be left behind that a killed process still seems to hold.
 * Nothing else may open `gateway.lock`: closing any handle of it would drop the lock.
 * @throws StoreError `busy` naming the process that holds it
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const path = join(dataDir, 'gateway.lock');
  closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw explainBusy(error, dataDir);
  }
  writeFileSync(pidPath(dataDir), `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(pidPath(dataDir), { force: true });
      db.close();
    },
  };
}

function explainBusy(cause: unknown, dataDir: string): StoreError {
  const error = readStoreError(cause);
  if (error.code !== 'busy') return error;
  const message = `Another Tollgate (${readHolder(dataDir)}) uses the data folder ${dataDir}. Stop it, or choose another folder with --data-dir.`;
  return new StoreError('busy', message, { cause });
}

function readHolder(dataDir: string): string {
  try {
    return `process ${readFileSync(pidPath(dataDir), 'utf8').trim()}`;
  } catch {
    // Its holder has only just taken the lock.
    return 'just starting';
  }
}

function pidPath(dataDir: string): string {
  return join(dataDir, 'gateway.pid');
}
