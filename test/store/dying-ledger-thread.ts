import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import '../../src-main/store/ledger-thread.ts';

// A writer thread that dies once, after some work. For ledger-trouble.test.ts.
const marker = join(workerData.dataDir, 'died');
if (!existsSync(marker)) {
  setTimeout(() => {
    writeFileSync(marker, '');
    throw new Error('out of luck');
  }, 150);
}
