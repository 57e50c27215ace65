import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCallIds } from '../../src-main/domain/call-id.ts';
import { createBlockReader } from '../../src-main/store/blocks.ts';
import { createBodyReader } from '../../src-main/store/bodies/read-body.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { createBatchApplier } from '../../src-main/store/ledger-writer/apply-batch.ts';
import { tracesMigrations } from '../../src-main/store/ledger-writer/open-traces.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import type { LedgerOptions } from '../../src-main/store/open-ledger/ledger-options.ts';
import { openLedger } from '../../src-main/store/open-ledger.ts';

export const ledgerThreadUrl = new URL('../../src-main/store/ledger-thread.ts', import.meta.url);

/** 2027-06-01 12:00 UTC. */
export const NOON = Date.UTC(2027, 5, 1, 12);

/** A folder that is gone after the test. */
export function makeDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A ledger with its real thread, closed after the test. */
export async function startLedger(dataDir: string, options: Partial<LedgerOptions> = {}) {
  const opened = await openLedger({ dataDir, threadUrl: ledgerThreadUrl, clock: Date.now, limits: null, ...options });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await opened.ledger.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...opened, close };
}

/** A look into the file with a connection of its own. */
export function readTraces<T>(dataDir: string, read: (db: Sqlite) => T): T {
  const db = openDatabase(join(dataDir, 'traces.db'), { readonly: true, synchronous: 'NORMAL' });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The writing half on a file of its own, without journal and thread. */
export function openTestStore(dataDir = makeDataDir()) {
  const db = openDatabase(join(dataDir, 'traces.db'), { synchronous: 'NORMAL' });
  onTestFinished(() => void db.close());
  migrate(db, tracesMigrations);
  const applier = createBatchApplier(db);
  const { readBody, listBodies } = createBodyReader(db, createBlockReader(db, 8_000_000));
  return { db, applier, readBody, listBodies, dataDir };
}

/** Ids of calls a second apart, from `start` on. */
export function makeIds(start = NOON): () => number {
  let now = start;
  return createCallIds(() => (now += 1_000));
}
