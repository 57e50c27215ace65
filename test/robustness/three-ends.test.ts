import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CallDetail } from '../../src-main/contract/entities.ts';
import { type CallerPath, callerPaths } from '../support/caller-paths.ts';
import { openCallerSocket } from '../support/caller-socket.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { brokenStreams, errorEvents, type Fault } from '../support/faults.ts';
import { listCalls } from '../support/list-calls.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

function faultNamed(faults: readonly Fault[], name: string): Fault {
  const fault = faults.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`No fault is called "${name}".`);
  return fault;
}

/** Streams an answer with this fault to its end. */
async function breakStream(path: CallerPath, fault: Fault): Promise<CallDetail> {
  const request = path.request('x', true);
  tollgate.upstream.enqueue((sent) => fault.answer(sent, path.upstreamDialect));
  return tollgate.readCall(await tollgate.post(request.path, request.body));
}

/** Hangs up on a provider that goes on thinking, once something of its answer is there. */
async function hangUp(path: CallerPath): Promise<CallDetail> {
  tollgate.upstream.enqueue((sent) => ({ chunks: answerByDefault(sent).chunks?.slice(0, 4) ?? [], ending: 'hang' }));
  const request = path.request('x', true);
  const caller = openCallerSocket(tollgate.url + request.path, tollgate.key, request.body);
  const response = await caller.response;
  await new Promise((resolve) => response.once('data', resolve));
  caller.hangUp();
  return tollgate.readCall(String(response.headers['x-tollgate-call-id']));
}

it.each(callerPaths)('fixture 10, $name: hung up, broken off and failed after 200 are three statuses, one row each', async (path) => {
  const before = (await listCalls(tollgate)).length;
  const rows = [
    await hangUp(path),
    await breakStream(path, faultNamed(brokenStreams, 'reset between events')),
    await breakStream(path, faultNamed(errorEvents, 'error event after text')),
  ];
  expect(rows.map(({ status }) => status)).toEqual(['client_aborted', 'upstream_truncated', 'error']);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  expect(await listCalls(tollgate)).toHaveLength(before + 3);
});

it.each(callerPaths)(
  'S19, $name: every try is in the call’s one row; what a dead one had used is kept and nothing is tried after it',
  async (path) => {
    const before = (await listCalls(tollgate)).length;
    tollgate.upstream.enqueue({ status: 503, headers: { 'retry-after-ms': '1' }, body: { error: { message: 'busy' } } });
    const row = await breakStream(path, faultNamed(brokenStreams, 'reset between events'));
    expect(row.attempts).toMatchObject([{ status: 503 }, { status: 200 }]);
    expect(row.attempts[1]?.atMs).toBeGreaterThanOrEqual(row.attempts[0]?.durationMs ?? Number.NaN);
    expect(row).toMatchObject({ status: 'upstream_truncated', error: { code: 'upstream_stream_cut' } });
    // Only OpenAI reports nothing before its end.
    if (path.provider !== 'openai') expect(row.usage).toMatchObject({ inputUncached: expect.any(Number), flags: ['usage_partial'] });
    expect(tollgate.upstream.requests).toHaveLength(2);
    expect(await listCalls(tollgate)).toHaveLength(before + 1);
  },
);
