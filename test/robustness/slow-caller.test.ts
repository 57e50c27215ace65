import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCallerSocket } from '../support/caller-socket.ts';
import { type FloodUpstream, openFloodUpstream } from '../support/flood-upstream.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';

const megabyte = 1_000_000;
let upstream: FloodUpstream;
let tollgate: SpawnedGateway;

beforeAll(async () => {
  upstream = await openFloodUpstream(100 * megabyte);
  tollgate = await spawnTestGateway({
    // Bodies that are to be recorded are kept up to 64 MB, by design.
    settings: { recording: 'metadata' },
    providers: [
      { id: 'openai', baseUrl: `${upstream.origin}/v1`, keyFromEnv: 'OPENAI_API_KEY' },
      { id: 'anthropic', baseUrl: upstream.origin, keyFromEnv: 'ANTHROPIC_API_KEY' },
    ],
  });
});
afterAll(async () => {
  await tollgate.close();
  await upstream.close();
});

/** Resident memory of the gateway's process. */
function readRss(): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${tollgate.child.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

const ask = (model: string) =>
  openCallerSocket(`${tollgate.url}/v1/chat/completions`, tollgate.key, {
    model,
    stream: true,
    messages: [{ role: 'user', content: 'go' }],
  });

/** Code is compiled and buffers are grown by the first few megabytes of any stream; that is not what is measured. */
async function warm(model: string): Promise<void> {
  const caller = ask(model);
  let bytes = 0;
  for await (const chunk of await caller.response) {
    bytes += (chunk as Buffer).length;
    if (bytes > 10 * megabyte) break;
  }
}

/** Takes 20 kB every 20 ms for two seconds. */
async function readSlowly(response: IncomingMessage): Promise<number> {
  let taken = 0;
  response.pause();
  const until = performance.now() + 2_000;
  while (performance.now() < until) {
    taken += ((response.read(20_000) ?? response.read()) as Buffer | null)?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return taken;
}

describe.skipIf(process.platform !== 'linux')('J7: a caller that reads at 1 MB/s while the provider could send 100 MB at once', () => {
  it.each([
    ['same dialect', 'gpt-5.4-mini'],
    ['translated', 'claude-sonnet-4-6'],
  ])('%s: holds the provider back, costs no memory, and disturbs nobody', async (name, model) => {
    const { path, body } = { path: '/v1/chat/completions', body: { model: 'demo/echo', messages: [{ role: 'user', content: 'warm' }] } };
    await warm(model);
    const before = readRss();
    const caller = ask(model);
    const response = await caller.response;
    let worst = 0;
    let slowestMs = 0;
    const watch = setInterval(() => {
      worst = Math.max(worst, readRss());
    }, 20);
    const others = (async () => {
      for (let call = 0; call < 10; call++) {
        const at = performance.now();
        expect((await tollgate.post(path, body)).status).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - at);
      }
    })();
    const taken = await readSlowly(response);
    await others;
    clearInterval(watch);
    const held = (upstream.sentBytes.at(-1) ?? 0) - taken;
    console.log(
      `J7 ${name}: the caller took ${(taken / megabyte).toFixed(1)} MB, ${(held / megabyte).toFixed(1)} MB on the way, RSS +${((worst - before) / megabyte).toFixed(1)} MB, slowest other call ${slowestMs.toFixed(0)} ms`,
    );
    caller.hangUp();
    expect(taken).toBeGreaterThan(megabyte);
    expect(held).toBeLessThan(16 * megabyte);
    // What V8 adds to the heap while it parses megabytes of events is in it.
    expect(worst - before).toBeLessThan((name === 'translated' ? 64 : 32) * megabyte);
    expect(slowestMs).toBeLessThan(500);
  });

  it('takes a whole stream of 100 MB without keeping it', async () => {
    const before = readRss();
    let worst = 0;
    const watch = setInterval(() => {
      worst = Math.max(worst, readRss());
    }, 20);
    const caller = ask('gpt-5.4-mini');
    let bytes = 0;
    const response = await caller.response;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    clearInterval(watch);
    const row = await tollgate.readCall(String(response.headers['x-tollgate-call-id']));
    console.log(`100 MB stream: RSS +${((worst - before) / megabyte).toFixed(1)} MB`);
    expect(row).toMatchObject({ status: 'ok', finishReason: 'stop', responseId: 'flood' });
    expect(row.responseBytes).toBe(bytes);
    expect(bytes).toBeGreaterThan(100 * megabyte);
    expect(worst - before).toBeLessThan(100 * megabyte);
  });
});
