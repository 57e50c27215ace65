import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openDatabase } from '../../src-main/store/database.ts';
import { StoreError } from '../../src-main/store/store-error.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestReader } from '../support/test-reader.ts';
import { makeDataDir, startLedger } from './ledger-support.ts';

const threadUrl = new URL('dying-reader-thread.ts', import.meta.url);

/** Nothing tells the asking side that a new thread runs but its answers. */
const eventually = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 20 });

it('a reading thread that dies takes the open requests with it and is started again, once a second at most', {
  timeout: 30_000,
}, async () => {
  const dataDir = makeDataDir();
  await startLedger(dataDir);
  const { ledgerReader, configStore, notices } = await openTestReader(dataDir, { threadUrl });
  const stopped = (words: string) => ({
    code: 'store_unavailable',
    message: expect.stringContaining(words),
    cause: expect.objectContaining({ name: StoreError.name, code: 'thread_stopped' }),
  });
  await configStore.saveSettings({ strictTranslation: true });
  for (let death = 1; death <= 2; death++) {
    writeFileSync(join(dataDir, 'poison'), '');
    const open = [ledgerReader.readTotals(0), ledgerReader.listTags(), configStore.load()];
    for (const request of open) await expect(request).rejects.toMatchObject(stopped('out of luck'));
    await expect(ledgerReader.listTags()).rejects.toMatchObject(stopped('try again in a second'));
    // What it can do, it can do again: both files are open in the new one.
    await eventually(() => ledgerReader.readTotals(0));
    expect((await configStore.load()).settings.strictTranslation).toBe(true);
  }
  expect(notices).toEqual([expect.stringContaining('out of luck')]);
  const starts = readFileSync(join(dataDir, 'starts'), 'utf8').trim().split('\n').map(Number);
  expect(starts).toHaveLength(3);
  expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(1_000);
});

it('one that cannot start again says why, and tries on', { timeout: 30_000 }, async () => {
  const dataDir = makeTemporaryFolder();
  const { ledgerReader, configStore } = await openTestReader(dataDir, { threadUrl });
  // The settings of a newer version, say after a restored backup of the folder.
  const config = join(dataDir, 'config.db');
  await configStore.load();
  const setVersion = (version: number): void => {
    const db = openDatabase(config, { synchronous: 'FULL' });
    db.pragma(`user_version = ${version}`);
    db.close();
  };
  setVersion(99);
  writeFileSync(join(dataDir, 'poison'), '');
  await expect(ledgerReader.listTags()).rejects.toMatchObject({ message: expect.stringContaining('out of luck') });
  await eventually(() => expect(configStore.load()).rejects.toThrow('newer'));
  setVersion(1);
  await eventually(() => configStore.load());
});

it('closing while there is none leaves nothing behind', async () => {
  const dataDir = makeTemporaryFolder();
  const reader = await openTestReader(dataDir, { threadUrl });
  writeFileSync(join(dataDir, 'poison'), '');
  await expect(reader.ledgerReader.listTags()).rejects.toMatchObject({ code: 'store_unavailable' });
  await reader.close();
  await expect(reader.ledgerReader.listTags()).rejects.toMatchObject({ message: expect.stringContaining('closed') });
  expect(readFileSync(join(dataDir, 'starts'), 'utf8').trim().split('\n')).toHaveLength(1);
});
