import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openDatabase, type Sqlite } from '../database.ts';
import { migrate } from '../migrate.ts';
import { configMigration0001 } from '../migrations/config-0001-config.ts';
import { readStoreError, StoreError } from '../store-error.ts';
import { listBackups } from './back-up-config.ts';

interface OpenConfig {
  db: Sqlite;
  /** What the user should know: the file was damaged and what became of it. */
  notices: string[];
}

const migrations = [configMigration0001];

/**
 * Opens DATA_DIR/config.db, creating it where there is none. A damaged file is set aside as `config.db.corrupt-EPOCH`,
 * and the newest backup that is whole takes its place.
 * @throws StoreError `newer_schema`, or why the file cannot be opened at all
 */
export function openConfigDatabase(dataDir: string, now: number): OpenConfig {
  const path = join(dataDir, 'config.db');
  // A restore that was cut between its two renames.
  if (!existsSync(path) && existsSync(restoringPath(path))) renameSync(restoringPath(path), path);
  try {
    return { db: openWhole(path), notices: [] };
  } catch (error) {
    if (readStoreError(error).code !== 'corrupt') throw readStoreError(error);
  }
  const notice = replaceDamaged(path, listBackups(dataDir), now);
  return { db: openWhole(path), notices: [notice] };
}

/** @throws StoreError `corrupt` when a page is damaged, besides what opening throws */
function openWhole(path: string): Sqlite {
  const db = openDatabase(path, { synchronous: 'FULL' });
  try {
    const [fault] = db.pragma('quick_check(1)') as { quick_check: string }[];
    if (fault?.quick_check !== 'ok') throw new StoreError('corrupt', `${path} is damaged: ${fault?.quick_check}`);
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @returns the notice */
function replaceDamaged(path: string, backups: readonly string[], now: number): string {
  const aside = `${path}.corrupt-${now}`;
  const backup = backups.find(isWhole);
  if (backup !== undefined) {
    copyFileSync(backup, restoringPath(path));
    chmodSync(restoringPath(path), 0o600);
  }
  // The log belongs to the damaged file; SQLite would play it into the restored one.
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  const kept = `The settings file was damaged. It was kept as ${basename(aside)}`;
  if (backup === undefined) {
    return `${kept}, and there is no backup: Tollgate starts with default settings, and provider keys and caller keys must be entered again.`;
  }
  renameSync(restoringPath(path), path);
  return `${kept}, and the backup ${basename(backup)} was restored: changes made since then are lost.`;
}

/** A backup is not opened for writing, so that a look at it cannot change it. */
function isWhole(path: string): boolean {
  try {
    const db = openDatabase(path, { readonly: true, synchronous: 'FULL' });
    try {
      const [fault] = db.pragma('quick_check(1)') as { quick_check: string }[];
      return fault?.quick_check === 'ok';
    } finally {
      db.close();
      // Left by opening a file in WAL mode.
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    }
  } catch {
    return false;
  }
}

function restoringPath(path: string): string {
  return `${path}.restoring`;
}
