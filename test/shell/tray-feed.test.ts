import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openTrayFeed } from '../../src-main/shell/tray-feed.ts';
import { openTestGateway } from '../support/test-gateway.ts';

const request = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'hello' }] };

it('counts calls within a second while more of them keep coming, and all of them once they have stopped', async () => {
  const gateway = await openTestGateway();
  onTestFinished(() => gateway.close());
  const adminToken = readFileSync(join(gateway.dataDir, 'admin-token'), 'utf8').trim();
  let calls: number | null = null;
  let countedAt = 0;
  const feed = openTrayFeed(
    { url: new URL(gateway.url), adminToken, dataDir: gateway.dataDir },
    (facts) => {
      calls = facts.today?.calls ?? null;
      if (countedAt === 0 && calls !== null && calls > 0) countedAt = performance.now();
    },
    () => {},
  );
  onTestFinished(() => feed.close());
  await vi.waitFor(() => expect(calls).toBe(0), 5_000);

  const startedAt = performance.now();
  const replies: ReturnType<typeof gateway.post>[] = [];
  while (performance.now() - startedAt < 2_000) {
    replies.push(gateway.post('/v1/chat/completions', request));
    await pause(50);
  }
  expect(countedAt).toBeGreaterThan(startedAt);
  expect(countedAt - startedAt).toBeLessThan(1_000);
  await Promise.all(replies);
  await vi.waitFor(() => expect(calls).toBe(replies.length), 5_000);
});
