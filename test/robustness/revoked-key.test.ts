import { expect, it } from 'vitest';
import { callerPaths } from '../support/caller-paths.ts';
import { openCallerSocket, readFirstChunk } from '../support/caller-socket.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { openTestGateway } from '../support/test-gateway.ts';

it('B8: revoking a key cuts its open streams within 1 s, ends the provider’s work, and leaves those of other keys alone', async () => {
  const tollgate = await openTestGateway();
  tollgate.upstream.answerAll((request) => {
    const good = answerByDefault(request);
    return { ...good, chunks: good.chunks?.slice(0, Math.min(4, good.chunks.length - 2)) ?? [], ending: 'hang' };
  });
  const { key, secret } = await tollgate.admin<{ key: { id: string }; secret: string }>('/admin/keys', {
    method: 'POST',
    body: { name: 'short-lived' },
  });
  const open = async (token: string, index: number) => {
    const { path, body } = callerPaths[index % callerPaths.length]?.request(`stream ${index}`, true) ?? { path: '', body: {} };
    const caller = openCallerSocket(tollgate.url + path, token, body);
    const response = await caller.response;
    await readFirstChunk(response);
    const closed = new Promise<number>((resolve) => response.once('close', () => resolve(performance.now())));
    return { caller, response, closed };
  };
  const doomed = await Promise.all(Array.from({ length: 10 }, (_, index) => open(secret, index)));
  const other = await open(tollgate.key, 0);
  const upstreams = tollgate.upstream.requests.slice(0, doomed.length);

  const revokedAt = performance.now();
  await tollgate.admin(`/admin/keys/${key.id}`, { method: 'DELETE' });
  const slowest = Math.max(...(await Promise.all(doomed.map(({ closed }) => closed)))) - revokedAt;
  const slowestUpstream = Math.max(...(await Promise.all(upstreams.map(({ hungUp }) => hungUp)))) - revokedAt;
  console.log(
    `B8: streams of a revoked key cut after ${slowest.toFixed(0)} ms, their providers told after ${slowestUpstream.toFixed(0)} ms`,
  );

  expect(slowest).toBeLessThan(1_000);
  expect(slowestUpstream).toBeLessThan(1_000);
  for (const { response } of doomed) {
    expect(await tollgate.readCall(String(response.headers['x-tollgate-call-id']))).toMatchObject({
      status: 'client_aborted',
      callerKeyId: key.id,
    });
  }
  const { path, body } = callerPaths[0]?.request('again', false) ?? { path: '', body: {} };
  expect((await tollgate.send(path, { method: 'POST', key: secret, body })).status).toBe(401);
  expect(other.response.complete).toBe(false);
  expect(other.response.destroyed).toBe(false);
  other.caller.hangUp();
  await tollgate.close();
});
