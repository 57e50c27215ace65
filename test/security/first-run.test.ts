/** P1: security that breaks onboarding gets switched off, so one test holds both: a new user's first minutes, and the guard on that same profile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, openForeignSite } from '../support/chromium.ts';
import { type CliResult, runCliProcess } from '../support/cli-process.ts';
import { answerText } from '../support/fake-upstream/figures.ts';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { findBytes, listOpenFiles } from '../support/find-bytes.ts';
import { listAttempts, listBoundaryFailures, listDoors, listOpenDoors } from '../support/gateway-doors.ts';
import { attackGateway } from '../support/page-attacks.ts';
import { type ServeProcess, spawnServe } from '../support/serve-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { createGatewayClient } from '../support/test-gateway-client.ts';

let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await openFakeUpstream();
});
afterAll(() => upstream.close());

const providerKey = 'sk-ant-canary-first-run-0123456789abcdef';

it('P1: from nothing to a first answer of a provider within 2 minutes, by the defaults, and that profile is guarded', async () => {
  const home = makeTemporaryFolder();
  const startedAt = performance.now();
  const serve = await spawnServe({ home });
  const dataDir = join(home, '.local/share/tollgate');
  const run = async (args: string[], input = ''): Promise<CliResult> => {
    const result = await runCliProcess(args, { input, environment: { HOME: home } });
    expect(result.code, result.stderr).toBe(0);
    return result;
  };
  await expect.poll(() => serve.stdout()).toContain('tollgate key create --name NAME');
  const key = (await run(['key', 'create', '--name', 'laptop'])).stdout.trim();
  expect(key).toMatch(/^tk_/);
  const openai = new OpenAI({ baseURL: `${serve.url}/v1`, apiKey: key, maxRetries: 0 });

  let streamed = '';
  for await (const chunk of await openai.chat.completions.create({
    model: 'demo/echo',
    stream: true,
    messages: [{ role: 'user', content: 'Hello' }],
  }))
    streamed += chunk.choices[0]?.delta.content ?? '';
  expect(streamed).toContain('Hello');
  const demoMs = performance.now() - startedAt;

  const added = await run(['provider', 'add', 'anthropic', '--base-url', `${upstream.origin}/anthropic`], providerKey);
  expect(added.stdout).toContain('Saved anthropic: it works');
  const answer = await openai.chat.completions.create({ model: 'claude-sonnet-4-6', messages: [{ role: 'user', content: 'Hello' }] });
  expect(answer.choices[0]?.message.content).toBe(answerText);
  const providerMs = performance.now() - startedAt;
  process.stdout.write(
    `P1: listens after ${seconds(serve.startMs)}, demo answer after ${seconds(demoMs)}, provider after ${seconds(providerMs)}\n`,
  );
  expect(providerMs).toBeLessThan(120_000);
  expect((await run(['spend', '--by', 'model'])).stdout).toMatch(/claude-sonnet-4-6 .*\$0\.\d+/);

  await expectGuarded(serve, dataDir, key);
  await serve.stop();
  expect(listOpenFiles(dataDir)).toEqual([]);
  expect(findBytes(home, [providerKey, key])).toEqual([]);
}, 120_000);

/** A1, A2, A3 and B1 on the profile that has just been made. */
async function expectGuarded(serve: ServeProcess, dataDir: string, callerKey: string): Promise<void> {
  const adminToken = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
  const guarded = { port: serve.port, adminToken, callerKey };
  const attempts = listAttempts(listDoors());
  expect(attempts.length).toBeGreaterThan(1_500);
  expect(await listOpenDoors(guarded, attempts)).toEqual([]);
  expect(await listBoundaryFailures(guarded)).toEqual([]);
  const [browser, site] = [await openChromium('MAP evil.example 127.0.0.1'), await openForeignSite('<!doctype html><title>page</title>')];
  try {
    const client = { ...createGatewayClient(serve.url, dataDir, callerKey), upstream };
    for (const name of ['127.0.0.1', 'evil.example']) {
      const { readBytes, before, after } = await attackGateway(browser, `http://${name}:${site.port}/`, serve.url, client);
      expect(after).toEqual({ ...before, refused: after.refused });
      expect(after.refused).toBeGreaterThan(before.refused);
      expect(readBytes).toBe(0);
    }
  } finally {
    await site.close();
    await browser.close();
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
