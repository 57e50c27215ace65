import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type CallerPath, callerPaths, hasProperEnd, readErrorMessage } from '../support/caller-paths.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { openFakeUpstream } from '../support/fake-upstream.ts';
import { listCalls } from '../support/list-calls.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestGateway, spawnTestGateway } from '../support/test-gateway.ts';
import { type GatewayClient, type RawReply, readEvents } from '../support/test-gateway-client.ts';

interface OpenCall {
  readonly path: CallerPath;
  readonly stream: boolean;
  readonly reply: Promise<RawReply>;
}

/** Calls of every path; resolves when each stream has begun and each other request is at the provider. */
async function openCalls(gateway: GatewayClient, count: number, upstream: { requests: readonly unknown[] }): Promise<OpenCall[]> {
  const begun: Promise<void>[] = [];
  const calls = Array.from({ length: count }, (_, index): OpenCall => {
    const path = callerPaths[index % callerPaths.length] as CallerPath;
    const stream = index % 4 !== 3;
    const { path: target, body } = path.request(`call ${index}`, stream);
    const { promise, resolve } = Promise.withResolvers<void>();
    if (stream) begun.push(promise);
    const reply = gateway.send(target, { method: 'POST', body, onChunk: () => resolve() });
    reply.catch(() => {});
    return { path, stream, reply };
  });
  await Promise.all(begun);
  while (upstream.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return calls;
}

const slowly = { chunkDelayMs: 120 };

it('I3: SIGTERM lets 20 open calls finish, takes no new ones, writes every row and ends with 0', async () => {
  const upstream = await openFakeUpstream();
  upstream.answerAll((request) => ({
    ...answerByDefault(request),
    ...slowly,
    ...(request.body.includes('"stream":true') ? {} : { delayMs: 400 }),
  }));
  const dataDir = makeTemporaryFolder();
  const tollgate = await spawnTestGateway({ upstream, dataDir });
  const calls = await openCalls(tollgate, 20, upstream);
  const ended = once(tollgate.child, 'exit');
  tollgate.child.kill('SIGTERM');
  const replies = await Promise.all(calls.map(({ reply }) => reply));
  expect(await isRefused(tollgate.url)).toBe(true);
  expect(await ended).toEqual([0, null]);
  for (const [index, reply] of replies.entries()) {
    expect(reply.status).toBe(200);
    const call = calls[index];
    if (call?.stream === true) expect(hasProperEnd(call.path.callerDialect, reply.text), reply.text).toBe(true);
  }
  const next = await spawnTestGateway({ upstream, dataDir });
  const rows = await listCalls(next);
  await next.close();
  await upstream.close();
  expect(rows).toHaveLength(20);
  for (const row of rows) expect(row).toMatchObject({ status: 'ok', costSource: 'price-book' });
});

it('I3: what is still open after the grace ends with an error of its dialect; its row says interrupted, its provider is told', async () => {
  const tollgate = await openTestGateway();
  onTestFinished(() => tollgate.close());
  const { upstream } = tollgate;
  upstream.answerAll((request) => {
    const good = answerByDefault(request);
    if (good.chunks === undefined) return { silent: 'hang' };
    return { ...good, chunks: good.chunks.slice(0, Math.min(4, good.chunks.length - 2)), ending: 'hang' };
  });
  const calls = await openCalls(tollgate, 20, upstream);
  const stoppedAt = performance.now();
  const closing = tollgate.gateway.close(200);
  const replies = await Promise.all(calls.map(({ reply }) => reply));
  await Promise.all(upstream.requests.map(({ hungUp }) => hungUp));
  await closing;
  console.log(`I3: 20 open calls ended ${(performance.now() - stoppedAt - 200).toFixed(0)} ms after the grace`);
  for (const [index, { path, stream }] of calls.entries()) {
    const reply = replies[index] as RawReply;
    const error = stream ? readEvents(lastEvent(reply.text)).at(-1) : reply.json();
    expect(readErrorMessage(path.callerDialect, error), reply.text).toContain('Tollgate was stopped');
    expect(reply.status).toBe(stream ? 200 : 503);
    expect(stream && hasProperEnd(path.callerDialect, reply.text)).toBe(false);
  }
  const next = await openTestGateway({ dataDir: tollgate.dataDir, upstream });
  const rows = await listCalls(next);
  await next.close();
  expect(rows).toHaveLength(20);
  for (const row of rows) expect(row).toMatchObject({ status: 'interrupted', errorCode: 'not_ready' });
  // What was reported by then is flagged; the rest is unknown, not 0.
  for (const row of rows)
    expect(row.costSource === 'unknown' ? row.costNanoUsd : row.usage.flags).toEqual(
      row.costSource === 'unknown' ? null : ['usage_partial'],
    );
});

it('I3: a second SIGTERM ends it at once; what it has begun is in the ledger', async () => {
  const upstream = await openFakeUpstream();
  upstream.answerAll((request) => {
    const good = answerByDefault(request);
    return good.chunks === undefined ? { silent: 'hang' } : { ...good, chunks: good.chunks.slice(0, 3), ending: 'hang' };
  });
  const dataDir = makeTemporaryFolder();
  const tollgate = await spawnTestGateway({ upstream, dataDir });
  const path = callerPaths[3] as CallerPath;
  for (let index = 0; index < 20; index++) {
    const { path: target, body } = path.request(`call ${index}`, true);
    const { promise, resolve } = Promise.withResolvers<void>();
    tollgate.send(target, { method: 'POST', body, onChunk: () => resolve() }).catch(() => {});
    await promise;
  }
  tollgate.child.kill('SIGTERM');
  while (!(await isRefused(tollgate.url)));
  expect(tollgate.child.exitCode).toBeNull();
  const at = performance.now();
  await tollgate.stop('SIGTERM');
  expect(performance.now() - at).toBeLessThan(1_000);
  const next = await spawnTestGateway({ upstream, dataDir });
  const rows = await listCalls(next);
  await next.close();
  await upstream.close();
  expect(rows).toHaveLength(20);
  for (const row of rows) expect(row.status).toBe('interrupted');
});

function isRefused(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(false));
    socket.once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

function lastEvent(text: string): string {
  return (
    text
      .split('\n\n')
      .filter((event) => event.includes('data:'))
      .at(-1) ?? ''
  );
}
