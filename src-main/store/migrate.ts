import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { pragmaNumber, type Sqlite } from './database.ts';
import { StoreError } from './store-error.ts';

/**
 * Brings a database to the newest schema. Migrations are SQL, append-only: the n-th one (counted from 1) leads to
 * `user_version` n, and each runs in a transaction of its own, so a kill at any point is repaired by the next start.
 * A file of schema n > 0 is copied to `PATH.schema-n` first.
 * @throws StoreError `newer_schema` when the file was written by a newer Tollgate; the file stays as it is
 */
export function migrate(db: Sqlite, migrations: readonly string[]): void {
  const version = pragmaNumber(db, 'user_version');
  if (version > migrations.length) throw newerSchema(db.name, version, migrations.length);
  if (version === migrations.length) return;
  if (version > 0) copyBefore(db, version);

  migrations.slice(version).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version + index + 1}`);
    }).immediate();
  });
}

function copyBefore(db: Sqlite, version: number): void {
  if (db.memory) return;
  const copy = copyPath(db.name, version);
  const partial = `${copy}.partial`;
  rmSync(partial, { force: true });
  db.prepare('VACUUM INTO ?').run(partial);
  chmodSync(partial, 0o600);
  renameSync(partial, copy);
}

/** Where a file of schema `version` is copied before it is upgraded; that version of Tollgate can read it. */
function copyPath(path: string, version: number): string {
  return `${path}.schema-${version}`;
}

function newerSchema(path: string, version: number, known: number): StoreError {
  const copy = copyPath(path, known);
  const way = existsSync(copy) ? ` A copy from before the upgrade, which this version can read, is ${copy}.` : '';
  return new StoreError(
    'newer_schema',
    `${path} was written by a newer Tollgate (schema ${version}; this one knows ${known}) and was left as it is. Update Tollgate, or move the file away to start a new one.${way}`,
  );
}
