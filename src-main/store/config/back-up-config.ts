import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../database.ts';

const KEPT_BACKUPS = 7;

/** Copies config.db to `backups/config-YYYY-MM-DD.db` once a (UTC) day and keeps the newest seven. */
export function backUpConfig(db: Sqlite, dataDir: string, now: number): void {
  const folder = backupFolder(dataDir);
  const path = join(folder, `config-${new Date(now).toISOString().slice(0, 10)}.db`);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeCopy(db, path);
  for (const old of listBackups(dataDir).slice(KEPT_BACKUPS)) rmSync(old, { force: true });
}

/**
 * After a change of the master key: the older backups hold secrets sealed under the old one, which nobody can open
 * any more, or, worse, somebody can. One of today takes their place.
 */
export function renewBackups(db: Sqlite, dataDir: string, now: number): void {
  for (const old of listBackups(dataDir)) rmSync(old, { force: true });
  backUpConfig(db, dataDir, now);
}

/** Paths, newest first. */
export function listBackups(dataDir: string): string[] {
  const folder = backupFolder(dataDir);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^config-\d{4}-\d{2}-\d{2}\.db$/.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

function backupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/** A killed process leaves the copy whole or not at all. */
function writeCopy(db: Sqlite, path: string): void {
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  // VACUUM INTO takes an empty file; made by us, it is private from the first byte on.
  const file = openSync(partial, 'wx', 0o600);
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
}
