import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type StartingServe, startServe } from '../support/serve-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

function start(dataDir: string, port = 0): StartingServe {
  const serve = startServe({ dataDir, port, args: ['--json'], environment: { TOLLGATE_VAULT: 'file' } });
  onTestFinished(() => void serve.stop('SIGKILL'));
  return serve;
}

/**
 * The words of a start that is refused within two seconds. Measured: 250 to 580 ms on a quiet machine, up to 1.7 s with four busy
 * programs on two processors; so a moment of load has three tries, and a start that is slow by itself has none.
 */
async function readRefusal(begin: () => StartingServe): Promise<string> {
  let quickestMs = Number.POSITIVE_INFINITY;
  let words = '';
  for (let tries = 0; tries < 3 && quickestMs >= 2_000; tries++) {
    const outcome = await begin().outcome;
    if (!('ended' in outcome)) throw new Error(`It listens on ${outcome.listening}.`);
    console.log(`refused after ${outcome.afterMs.toFixed(0)} ms`);
    expect(outcome.ended).toBe(1);
    expect(outcome.afterMs).toBeLessThan(5_000);
    quickestMs = Math.min(quickestMs, outcome.afterMs);
    words = outcome.stderr;
  }
  expect(quickestMs).toBeLessThan(2_000);
  return words;
}

/** Takes a port for the time of the test; null when the machine has no such address. */
async function takePort(host: string): Promise<number | null> {
  const server: Server = createServer((socket) => socket.destroy());
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ port: 0, host, ipv6Only: host === '::1' }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : null);
    });
  });
}

it('refuses a data folder that another gateway uses, and names its process', async () => {
  const dataDir = makeTemporaryFolder();
  const first = start(dataDir);
  expect(await first.outcome).toHaveProperty('listening');
  const words = await readRefusal(() => start(dataDir));
  expect(words).toContain(`process ${first.pid}`);
  expect(words).toContain('--data-dir');
});

it('I1: ten starts at once on one folder: exactly one runs; after kill -9 the next start has the folder', async () => {
  const dataDir = makeTemporaryFolder();
  const starts = Array.from({ length: 10 }, () => start(dataDir));
  const outcomes = await Promise.all(starts.map(({ outcome }) => outcome));
  expect(outcomes.filter((outcome) => 'listening' in outcome)).toHaveLength(1);
  const winner = starts[outcomes.findIndex((outcome) => 'listening' in outcome)];
  const refused = { ended: 1, stderr: expect.stringContaining(`process ${winner?.pid}) uses the data folder`) };
  for (const outcome of outcomes) if ('ended' in outcome) expect(outcome).toMatchObject(refused);
  expect(JSON.parse(readFileSync(join(dataDir, 'gateway.json'), 'utf8'))).toMatchObject({ pid: winner?.pid });
  await winner?.stop('SIGKILL');
  expect(await start(dataDir).outcome).toHaveProperty('listening');
}, 60_000);

it('I2: a taken port ends the start with the name of the process that has it', async () => {
  const port = await takePort('127.0.0.1');
  const words = await readRefusal(() => start(makeTemporaryFolder(), port ?? 0));
  expect(words).toContain(`127.0.0.1:${port}`);
  expect(words).toContain(String(process.pid));
});

it('A8: a program on [::1] at our port ends the start: "localhost" could mean it', async ({ skip }) => {
  const port = await takePort('::1');
  if (port === null) skip('this machine has no IPv6 loopback');
  const words = await readRefusal(() => start(makeTemporaryFolder(), port ?? 0));
  expect(words).toContain(`::1:${port}`);
  expect(words).toContain(String(process.pid));
  // Not half a gateway: 127.0.0.1 is free again.
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port ?? 0, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});
