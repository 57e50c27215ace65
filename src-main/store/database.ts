import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

export type Sqlite = Database.Database;
export type Statement = Database.Statement<unknown[]>;

interface DatabaseOptions {
  /** The file must exist; nothing can be written. Default false. */
  readonly?: boolean;
  /** FULL: a commit survives power loss. NORMAL: it survives a crash, power loss may cost the commits since the last checkpoint. */
  synchronous: 'FULL' | 'NORMAL';
  /** How long a statement waits for another connection's lock. Default 5,000. */
  busyTimeoutMs?: number;
  /** Page cache of this connection. Default 4 MB: the system's page cache does the rest. */
  cacheKiB?: number;
}

/**
 * Opens a database with the settings all our files share, creating it (mode 0600) unless `readonly`.
 * @throws SqliteError; pass it to `readStoreError` for our codes
 */
export function openDatabase(path: string, options: DatabaseOptions): Sqlite {
  const readonly = options.readonly ?? false;
  // SQLite gives -wal and -shm the mode of the main file, so it is enough to create that one privately.
  if (!readonly) closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path, { readonly, fileMustExist: true, timeout: options.busyTimeoutMs ?? 5_000 });
  try {
    if (!readonly) setWriterPragmas(db, options.synchronous);
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${options.cacheKiB ?? 4_096}`);
    // Sorts and copies of private texts must not land in /tmp.
    db.pragma('temp_store = MEMORY');
    // A read error in a mapped page is a SIGBUS, which would end the process; a plain read returns an error.
    db.pragma('mmap_size = 0');
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The value of a pragma that answers with one integer. */
export function pragmaNumber(db: Sqlite, pragma: string): number {
  return Number(db.pragma(pragma, { simple: true }));
}

function setWriterPragmas(db: Sqlite, synchronous: 'FULL' | 'NORMAL'): void {
  // Takes effect only before the first table is made; without it a purged file never shrinks short of a full VACUUM.
  if (pragmaNumber(db, 'page_count') === 0) {
    db.pragma('page_size = 8192');
    db.pragma('auto_vacuum = INCREMENTAL');
  }
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  // The pages that every batch changes are copied into the file once in so many pages (16 MB), not once in a thousand.
  db.pragma('wal_autocheckpoint = 4000');
  // A write-ahead log that grew under a long reader is cut back at the next checkpoint.
  db.pragma('journal_size_limit = 16777216');
}
