import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src-main/contract/entities.ts';
import type { VaultMeta } from '../../src-main/secrets/sealed-secret-store.ts';
import { backUpConfig, listBackups } from '../../src-main/store/config/back-up-config.ts';
import { createConfigRows } from '../../src-main/store/config/config-rows.ts';
import { openConfigDatabase } from '../../src-main/store/config/open-config-database.ts';
import type { StoredCallerKey, StoredProvider } from '../../src-main/store/config-store.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestReader } from '../support/test-reader.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 2, 3, 12);

const provider: StoredProvider = {
  id: 'local',
  name: "Bobby's server",
  dialect: 'openai-chat',
  baseUrl: 'http://127.0.0.1:11434/v1',
  models: ['llama3.2', 'qwen'],
  enabled: true,
  keyOrigin: 'http://127.0.0.1:11434',
  keyLastFour: 'abcd',
};

const callerKey: StoredCallerKey = {
  id: 'key_1',
  name: 'ci',
  lastFour: 'wxyz',
  hash: 'a'.repeat(64),
  tags: { env: 'ci' },
  scope: { models: ['gpt-*'], providers: [] },
  createdAt: NOW,
  lastUsedAt: null,
  revokedAt: null,
};

const meta: VaultMeta = { vaultId: 'v1', backend: 'file', keyCheck: Buffer.from([1, 2, 3]), schemaVersion: 1, pendingKey: null };

/** Opens config.db, lets `change` work on it and closes it. */
function editConfig(folder: string, change: (db: Sqlite) => void, now = NOW): string[] {
  const { db, notices } = openConfigDatabase(folder, now);
  change(db);
  db.close();
  return notices;
}

const readProviders = (folder: string): string[] => {
  const names: string[] = [];
  editConfig(folder, (db) =>
    names.push(
      ...createConfigRows(db)
        .load()
        .providers.map(({ id }) => String(id)),
    ),
  );
  return names;
};

const damage = (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 'not a database '));

/** Every file under the folder as one text, byte for byte. */
function readEverything(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

describe('config store', () => {
  it('gives back after a restart what was saved', async () => {
    const folder = makeTemporaryFolder();
    const first = await openTestReader(folder);
    const { configStore } = first;
    expect(await configStore.load()).toEqual({ providers: [], callerKeys: [], settings: defaultSettings, priceOverrides: [] });
    await configStore.saveProvider({ ...provider, name: 'before' });
    await configStore.saveProvider(provider);
    await configStore.saveProvider({ ...provider, id: 'gone' });
    await configStore.removeProvider('gone');
    await configStore.saveCallerKey(callerKey);
    await configStore.saveCallerKey({ ...callerKey, id: 'key_2', hash: 'b'.repeat(64) });
    await configStore.revokeCallerKey('key_2', NOW + 5);
    await configStore.revokeCallerKey('key_2', NOW + 9);
    await configStore.saveLastUsed({ key_1: NOW + 7, key_9: 1 });
    await configStore.savePriceOverrides([{ model: 'a' }, { model: 'b' }]);
    await configStore.savePriceOverrides([{ model: 'c', perMillion: 3 }]);
    await first.close();

    const second = await openTestReader(folder);
    expect(await second.configStore.load()).toEqual({
      providers: [provider],
      callerKeys: [
        { ...callerKey, lastUsedAt: NOW + 7 },
        { ...callerKey, id: 'key_2', hash: 'b'.repeat(64), revokedAt: NOW + 5 },
      ],
      settings: defaultSettings,
      priceOverrides: [{ model: 'c', perMillion: 3 }],
    });
    expect(second.notices).toEqual([]);
  });

  it('changes the settings that are named and leaves the others', async () => {
    const { configStore } = await openTestReader(makeTemporaryFolder());
    await configStore.saveSettings({ recording: 'metadata', strictTranslation: true });
    await configStore.saveSettings({ recording: 'off' });
    expect((await configStore.load()).settings).toEqual({ ...defaultSettings, recording: 'off', strictTranslation: true });
  });

  it('tolerates what it does not know and leaves out what is not valid, with a notice', async () => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => {
      const rows = createConfigRows(db);
      rows.saveProvider(provider);
      rows.saveProvider({ ...provider, id: 'odd', dialect: 'telepathy' as never });
      rows.saveCallerKey({ ...callerKey, hash: 'short' });
      rows.saveSettings({ bodiesMaxAgeDays: -3, recording: 'metadata', future: { a: 1 } } as never);
      db.exec("ALTER TABLE providers ADD COLUMN colour TEXT; INSERT INTO settings VALUES ('strictTranslation', 'not json')");
    });
    const { configStore, notices } = await openTestReader(folder);
    const config = await configStore.load();
    expect(config.providers).toEqual([provider]);
    expect(config.callerKeys).toEqual([]);
    expect(config.settings).toEqual({ ...defaultSettings, recording: 'metadata' });
    expect(notices).toHaveLength(4);
    expect(notices.join('\n')).toMatch(/"odd".*"key_1".*bodiesMaxAgeDays.*strictTranslation/s);
  });

  it('keeps its files private', async () => {
    const folder = makeTemporaryFolder();
    const { configStore } = await openTestReader(folder, { backUpAfterMs: 0 });
    await configStore.saveProvider(provider);
    await vi.waitFor(() => expect(listBackups(folder)).toHaveLength(1));
    const modes = ['config.db', 'config.db-wal', 'config.db-shm'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect(statSync(join(folder, 'backups')).mode & 0o777).toBe(0o700);
    expect(statSync(listBackups(folder)[0] ?? '').mode & 0o777).toBe(0o600);
  });

  it('rejects what is asked after it was closed', async () => {
    const reader = await openTestReader(makeTemporaryFolder());
    await reader.close();
    await expect(reader.configStore.load()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(reader.ledgerReader.listCalls({})).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('sealed secrets', () => {
  it('gives back what was sealed, byte for byte', async () => {
    const folder = makeTemporaryFolder();
    const first = await openTestReader(folder);
    const { sealedSecrets } = first.configStore;
    expect(await sealedSecrets.list()).toEqual([]);
    expect(await sealedSecrets.readMeta()).toBeNull();
    await sealedSecrets.put('a', 'provider-key', Buffer.from([0, 255, 1]));
    await sealedSecrets.put('b', 'provider-key', Buffer.from('old'));
    await sealedSecrets.put('b', 'provider-key', Buffer.from('new'));
    await sealedSecrets.put('c', 'other', Buffer.from('c'));
    await sealedSecrets.remove('c');
    await sealedSecrets.remove('never there');
    await sealedSecrets.writeMeta({ ...meta, pendingKey: Buffer.from('pending') });
    await first.close();

    const second = (await openTestReader(folder)).configStore.sealedSecrets;
    expect((await second.list()).map(({ id, kind, sealed }) => [id, kind, Buffer.from(sealed).toString('latin1')])).toEqual([
      ['a', 'provider-key', '\u0000\u00ff\u0001'],
      ['b', 'provider-key', 'new'],
    ]);
    expect(Buffer.from((await second.readMeta())?.pendingKey ?? []).toString()).toBe('pending');
    await second.resealAll([{ id: 'a', kind: 'provider-key', sealed: Buffer.from('resealed') }], meta);
    expect(await second.readMeta()).toMatchObject({ vaultId: 'v1', backend: 'file', schemaVersion: 1, pendingKey: null });
    expect((await second.list()).map(({ sealed }) => Buffer.from(sealed).toString())).toEqual(['resealed', 'new']);
  });

  it('leaves no trace of a ciphertext that was overwritten or removed', async () => {
    const folder = makeTemporaryFolder();
    const { sealedSecrets } = (await openTestReader(folder)).configStore;
    await sealedSecrets.put('a', 'provider-key', Buffer.from('FIRST-CIPHERTEXT'.repeat(20)));
    expect(readEverything(folder)).toContain('FIRST-CIPHERTEXT');
    await sealedSecrets.put('a', 'provider-key', Buffer.from('SECOND-CIPHERTEXT'));
    expect(readEverything(folder)).not.toContain('FIRST-CIPHERTEXT');
    await sealedSecrets.remove('a');
    expect(readEverything(folder)).not.toContain('SECOND-CIPHERTEXT');
  });

  it('leaves none in the backups either when the master key is changed', async () => {
    const folder = makeTemporaryFolder();
    const clock = () => NOW;
    const { sealedSecrets } = (await openTestReader(folder, { clock })).configStore;
    await sealedSecrets.put('a', 'provider-key', Buffer.from('UNDER-THE-OLD-KEY'));
    editConfig(folder, (db) => backUpConfig(db, folder, NOW - DAY_MS));
    await sealedSecrets.resealAll([{ id: 'a', kind: 'provider-key', sealed: Buffer.from('UNDER-THE-NEW-KEY') }], meta);
    expect(readEverything(folder)).not.toContain('UNDER-THE-OLD-KEY');
    expect(listBackups(folder)).toEqual([join(folder, 'backups', 'config-2026-03-03.db')]);
    expect(readFileSync(listBackups(folder)[0] ?? '', 'latin1')).toContain('UNDER-THE-NEW-KEY');
  });
});

describe('backups of config.db', () => {
  it('are made once a day, and the newest seven are kept', () => {
    const folder = makeTemporaryFolder();
    for (let day = 0; day < 10; day++) {
      editConfig(folder, (db) => {
        createConfigRows(db).saveProvider({ ...provider, id: `day-${day}` });
        backUpConfig(db, folder, NOW + day * DAY_MS);
        createConfigRows(db).saveProvider({ ...provider, id: `later-${day}` });
        backUpConfig(db, folder, NOW + day * DAY_MS + 1);
      });
    }
    expect(readdirSync(join(folder, 'backups')).sort()).toEqual(
      [6, 7, 8, 9, 10, 11, 12].map((day) => `config-2026-03-${String(day).padStart(2, '0')}.db`),
    );
    const newest = openDatabase(listBackups(folder)[0] ?? '', { readonly: true, synchronous: 'FULL' });
    expect(newest.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(newest.prepare('SELECT id FROM providers').pluck().all()).toContain('day-9');
    expect(newest.prepare('SELECT id FROM providers').pluck().all()).not.toContain('later-9');
    newest.close();
  });

  it.each([
    ['overwritten', damage],
    ['cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
    [
      'damaged in one page',
      (path: string) => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4_096), Buffer.alloc(16_384, 1)])),
    ],
  ])('replace a file that was %s, which is put aside', (_, spoil) => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => {
      createConfigRows(db).saveProvider(provider);
      backUpConfig(db, folder, NOW);
      createConfigRows(db).saveProvider({ ...provider, id: 'after-the-backup' });
    });
    spoil(join(folder, 'config.db'));
    const spoiled = readFileSync(join(folder, 'config.db'));
    const [notice] = editConfig(folder, () => undefined, NOW + 60_000);
    expect(notice).toMatch(/damaged.*config-2026-03-03\.db was restored/);
    expect(readFileSync(join(folder, `config.db.corrupt-${NOW + 60_000}`))).toEqual(spoiled);
    expect(readProviders(folder)).toEqual(['local']);
    expect(statSync(join(folder, 'config.db')).mode & 0o777).toBe(0o600);
  });

  it('are passed over when they are damaged themselves', () => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => {
      createConfigRows(db).saveProvider(provider);
      backUpConfig(db, folder, NOW - DAY_MS);
      createConfigRows(db).saveProvider({ ...provider, id: 'newer' });
      backUpConfig(db, folder, NOW);
    });
    damage(listBackups(folder)[0] ?? '');
    damage(join(folder, 'config.db'));
    expect(editConfig(folder, () => undefined).join()).toContain('config-2026-03-02.db was restored');
    expect(readProviders(folder)).toEqual(['local']);
  });

  it('where there are none, a damaged file is put aside and the user told', async () => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => createConfigRows(db).saveProvider(provider));
    damage(join(folder, 'config.db'));
    const { configStore, notices } = await openTestReader(folder, { clock: () => NOW });
    expect(await configStore.load()).toMatchObject({ providers: [], settings: defaultSettings });
    expect(notices.join()).toMatch(/damaged.*no backup/);
    expect(readdirSync(folder)).toContain(`config.db.corrupt-${NOW}`);
  });

  it('finish a restore that was cut off between its two renames', () => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => {
      createConfigRows(db).saveProvider(provider);
      db.prepare('VACUUM INTO ?').run(join(folder, 'config.db.restoring'));
    });
    for (const name of ['config.db', 'config.db-wal', 'config.db-shm']) rmSync(join(folder, name), { force: true });
    expect(readProviders(folder)).toEqual(['local']);
  });
});

describe('config.db of a newer version', () => {
  it('H8: is refused with what to do, and its bytes stay as they are', async () => {
    const folder = makeTemporaryFolder();
    editConfig(folder, (db) => db.pragma('user_version = 99'));
    const before = readFileSync(join(folder, 'config.db'));
    await expect(openTestReader(folder)).rejects.toMatchObject({
      code: 'newer_schema',
      message: expect.stringContaining('Update Tollgate'),
    });
    expect(readFileSync(join(folder, 'config.db'))).toEqual(before);
  });
});
