import { writeSync } from 'node:fs';
import { createCallIds } from '../../src-main/domain/call-id.ts';
import { openLedger } from '../../src-main/store/open-ledger.ts';
import { makeEnd, makeStart } from './ledger-records.ts';

// Records calls until it is killed and says, by synchronous writes, which ones are recorded. For ledger-crash.test.ts.
const dataDir = process.argv[2] ?? '';
const threadUrl = new URL('../../src-main/store/ledger-thread.ts', import.meta.url);
const { ledger, lastCallId } = await openLedger({ dataDir, threadUrl, clock: Date.now, limits: null });
const nextId = createCallIds(Date.now, lastCallId);
const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(6_000) }] }));

for (let round = 0; ; round++) {
  const ids = Array.from({ length: 8 }, nextId);
  for (const id of ids) ledger.recordStart(makeStart(id));
  await ledger.written();
  writeSync(1, `started ${ids.join(',')}\n`);
  // The last of each round stays open.
  for (const id of ids.slice(0, -1)) {
    ledger.recordEnd(makeEnd(id));
    ledger.recordBodies(id, { request: body, response: [body] });
  }
  if (round % 2 === 0) ledger.writeNow();
  else await ledger.written();
  writeSync(1, `ended ${ids.slice(0, -1).join(',')}\n`);
  if (round % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}
