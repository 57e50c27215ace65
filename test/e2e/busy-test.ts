import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedLedger } from '../support/seed-ledger.ts';
import { test as base } from './window-test.ts';

/** A test of the window over 100,000 calls of the last 30 days, written once for all tests of a file. */
export const test = base.extend<object, { busyDataDir: string }>({
  busyDataDir: [
    async ({}, use) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-busy-'));
      seedLedger(join(dataDir, 'traces.db'), { calls: 100_000, days: 30, seed: 7, endMs: Date.now() - 60_000 });
      await use(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  gatewayOptions: async ({ busyDataDir }, use) => use({ dataDir: busyDataDir }),
});
