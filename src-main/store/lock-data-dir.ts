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

/** Its holder writes down who it is right after it has the lock; until then the file may tell of a dead one. */
function readHolder(dataDir: string): string {
  for (let tries = 0; tries < 20; tries++) {
    const pid = readPid(dataDir);
    if (pid !== null && isAlive(pid)) return `process ${pid}`;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  return 'its process is not known';
}

function readPid(dataDir: string): number | null {
  try {
    return Number(readFileSync(pidPath(dataDir), 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pidPath(dataDir: string): string {
  return join(dataDir, 'gateway.pid');
}
