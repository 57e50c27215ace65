import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type ServeProcess, spawnServe } from '../support/spawn-serve.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

function start(dataDir: string, port = 0): ServeProcess {
  const serve = spawnServe(dataDir, port);
  onTestFinished(() => serve.stop('SIGKILL'));
  return serve;
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
  const second = await start(dataDir).outcome;
  expect(second).toMatchObject({ ended: 1 });
  if (!('ended' in second)) return;
  console.log(`second start on one folder refused after ${second.afterMs.toFixed(0)} ms`);
  expect(second.stderr).toContain(`process ${first.pid}`);
  expect(second.stderr).toContain('--data-dir');
  expect(second.afterMs).toBeLessThan(5_000);
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
  const outcome = await start(makeTemporaryFolder(), port ?? 0).outcome;
  expect(outcome).toMatchObject({ ended: 1 });
  if (!('ended' in outcome)) return;
  console.log(`taken port refused after ${outcome.afterMs.toFixed(0)} ms`);
  expect(outcome.stderr).toContain(`127.0.0.1:${port}`);
  expect(outcome.stderr).toContain(String(process.pid));
  expect(outcome.afterMs).toBeLessThan(5_000);
});

it('A8: a program on [::1] at our port ends the start: "localhost" could mean it', async ({ skip }) => {
  const port = await takePort('::1');
  if (port === null) skip('this machine has no IPv6 loopback');
  const outcome = await start(makeTemporaryFolder(), port ?? 0).outcome;
  expect(outcome).toMatchObject({ ended: 1 });
  if (!('ended' in outcome)) return;
  expect(outcome.stderr).toContain(`::1:${port}`);
  expect(outcome.stderr).toContain(String(process.pid));
  expect(outcome.afterMs).toBeLessThan(5_000);
  // Not half a gateway: 127.0.0.1 is free again.
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port ?? 0, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});
