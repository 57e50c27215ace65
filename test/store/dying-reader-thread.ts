import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

// A reading thread that says when it starts, and dies at the first request it finds a file "poison" beside. For reader-trouble.test.ts.
const { dataDir } = workerData as { dataDir: string };
const poison = join(dataDir, 'poison');
appendFileSync(join(dataDir, 'starts'), `${performance.timeOrigin + performance.now()}\n`);
parentPort?.on('message', () => {
  if (!existsSync(poison)) return;
  rmSync(poison);
  throw new Error('out of luck');
});
// After ours, so that the request it dies of is never answered.
await import('../../src-main/store/reader-thread.ts');
