import { existsSync, renameSync, statSync } from 'node:fs';
import { openDatabase, type Sqlite } from '../database.ts';
import type { LedgerThreadData } from '../ledger-messages.ts';
import { migrate } from '../migrate.ts';
import { tracesMigration0001 } from '../migrations/traces-0001-ledger.ts';
import { tracesMigration0002 } from '../migrations/traces-0002-prefixes.ts';
import { tracesMigration0003 } from '../migrations/traces-0003-no-prefix-table.ts';
import { readStoreError, StoreError } from '../store-error.ts';

interface OpenedTraces {
  db: Sqlite;
  /** Says that and where a damaged file was put aside; null when the file was sound. */
  notice: string | null;
}

export const tracesMigrations: readonly string[] = [tracesMigration0001, tracesMigration0002, tracesMigration0003];

/** The writer's page cache: the hot ends of a dozen b-trees. */
const CACHE_KIB = 4 * 1024;
/** While it waits for another program's lock, the thread cannot sync the journal. */
const BUSY_TIMEOUT_MS = 500;

/**
 * Opens the ledger's file for writing. A damaged one is kept under another name and a new one started: the journal
 * still has what was not applied, and calls must be recorded from the first second.
 * @param trust `check` looks at all of it (seconds for a big file), not just at what opening touches; `replace` at nothing
 * @param now epoch ms, for the name of a damaged file
 * @throws StoreError `newer_schema`, `busy`, `disk_full`, `io`
 */
export function openTraces(path: string, trust: LedgerThreadData['trust'], now: number): OpenedTraces {
  try {
    return { db: openTracesFile(path, trust), notice: null };
  } catch (cause) {
    const error = readStoreError(cause);
    if (error.code !== 'corrupt') throw error;
    const aside = `${path}.corrupt-${Math.floor(now / 1000)}`;
    // The log belongs to the damaged file: applied to another one it would damage that too.
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    const notice = `The record of past calls was damaged (${error.message}). It was put aside as ${aside}, and a new one was started. Keys and settings are not affected.`;
    return { db: openTracesFile(path, 'normal'), notice };
  }
}

/** Without putting anything aside. @throws StoreError, SqliteError; `corrupt` when the file is damaged */
export function openTracesFile(path: string, trust: LedgerThreadData['trust']): Sqlite {
  if (trust === 'replace') throw new StoreError('corrupt', 'damage was found twice');
  // SQLite takes an empty file for a new database; one that was emptied must not pass for that without a word.
  if (existsSync(path) && statSync(path).size === 0) throw new StoreError('corrupt', `${path} is empty`);
  const db = openDatabase(path, { synchronous: 'NORMAL', cacheKiB: CACHE_KIB, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    migrate(db, tracesMigrations);
    if (trust === 'check') checkAll(db);
    db.prepare('SELECT max(id) FROM calls').get();
    db.prepare('SELECT count(*) FROM meta').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkAll(db: Sqlite): void {
  const result = db.pragma('quick_check(1)', { simple: true });
  if (result !== 'ok') throw new StoreError('corrupt', String(result));
}
