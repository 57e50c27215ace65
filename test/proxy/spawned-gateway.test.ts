import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openFakeUpstream } from '../support/fake-upstream.ts';
import { spawnTestGateway, upstreamKeys } from '../support/test-gateway.ts';

// Two processes start from source.
vi.setConfig({ testTimeout: 60_000 });

it('tollgate serve answers from a config file, stops on SIGTERM, and finds its ledger again', async () => {
  const upstream = await openFakeUpstream();
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const first = await spawnTestGateway({ upstream, dataDir });
  const models = ['claude-sonnet-4-6', 'gpt-5.4-mini', 'gemini-2.5-flash', 'grok-4-0709', 'llama3.2', 'demo/echo'];
  const replies = [];
  for (const model of models) {
    for (const stream of [false, true]) {
      const reply = await first.post('/v1/chat/completions', { model, stream, messages: [{ role: 'user', content: 'x' }] });
      expect(reply.status, reply.text).toBe(200);
      replies.push(reply);
    }
  }
  await first.stop();
  expect(first.child.exitCode).toBe(0);

  const second = await spawnTestGateway({ upstream, dataDir });
  for (const reply of replies) expect(await second.readCall(reply)).toMatchObject({ status: 'ok' });
  await second.close();
  for (const key of [...Object.values(upstreamKeys), first.key]) expect(first.stderr() + second.stderr()).not.toContain(key);
  await upstream.close();
  rmSync(dataDir, { recursive: true, force: true });
});
