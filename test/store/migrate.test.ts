import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { tracesMigrations } from '../../src-main/store/ledger-writer/open-traces.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import { makeDataDir } from './ledger-support.ts';

const first = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'kept')";
const second = "ALTER TABLE notes ADD COLUMN color TEXT; UPDATE notes SET color = 'red'";
const third = 'CREATE INDEX notes_color ON notes (color)';

function open(path: string): Sqlite {
  const db = openDatabase(path, { synchronous: 'NORMAL' });
  onTestFinished(() => void db.close());
  return db;
}

const version = (db: Sqlite) => db.pragma('user_version', { simple: true });

describe('migrate', () => {
  it('brings a new file to the newest schema, without a copy', () => {
    const path = join(makeDataDir(), 'a.db');
    const db = open(path);
    migrate(db, [first, second, third]);
    expect(version(db)).toBe(3);
    expect(db.prepare('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'kept', color: 'red' }]);
    expect(existsSync(`${path}.schema-0`)).toBe(false);
  });

  it('H7: runs only what is missing, and copies the file first', () => {
    const path = join(makeDataDir(), 'a.db');
    const db = open(path);
    migrate(db, [first]);
    db.prepare('INSERT INTO notes VALUES (2, ?)').run('mine');
    migrate(db, [first, second, third]);
    expect(db.prepare('SELECT text, color FROM notes ORDER BY id').all()).toEqual([
      { text: 'kept', color: 'red' },
      { text: 'mine', color: 'red' },
    ]);
    const copy = openDatabase(`${path}.schema-1`, { readonly: true, synchronous: 'NORMAL' });
    expect(version(copy)).toBe(1);
    expect(copy.prepare('SELECT * FROM notes').all()).toHaveLength(2);
    copy.close();
    expect(statSync(`${path}.schema-1`).mode & 0o777).toBe(0o600);
  });

  it('H7: leaves nothing of a migration that failed, and goes on from there', () => {
    const db = open(join(makeDataDir(), 'a.db'));
    const broken = 'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)';
    expect(() => migrate(db, [first, broken])).toThrow('nowhere');
    expect(version(db)).toBe(1);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
    migrate(db, [first, second]);
    expect(version(db)).toBe(2);
  });

  it('H8: refuses a newer file, leaves it as it is, and names the copy it can read', () => {
    const path = join(makeDataDir(), 'a.db');
    const db = openDatabase(path, { synchronous: 'NORMAL' });
    migrate(db, [first]);
    migrate(db, [first, second]);
    db.close();
    const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex');
    const before = hash();

    const older = openDatabase(path, { synchronous: 'NORMAL' });
    expect(() => migrate(older, [first])).toThrow(
      expect.objectContaining({ code: 'newer_schema', message: expect.stringContaining(`${path}.schema-1`) }),
    );
    older.close();
    expect(hash()).toBe(before);
  });

  it('makes the ledger file private, shrinkable and in WAL mode', () => {
    const path = join(makeDataDir(), 'traces.db');
    const db = open(path);
    migrate(db, tracesMigrations);
    db.exec("INSERT INTO meta VALUES ('a', 1)");
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  });
});
