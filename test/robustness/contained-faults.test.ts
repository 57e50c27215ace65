import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { dialects } from '../../src-main/dialects/registry.ts';
import { type CallerPath, callerPaths, readErrorMessage } from '../support/caller-paths.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { listCalls } from '../support/list-calls.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
afterEach(() => {
  vi.restoreAllMocks();
  tollgate.upstream.reset();
});

const fault = (): never => {
  throw new TypeError('injected');
};
const [chat, toAnthropic] = callerPaths as [CallerPath, CallerPath];
const anthropic = dialects['anthropic-messages'];
const openai = dialects['openai-chat'];
const callerSide = openai.caller as NonNullable<typeof openai.caller>;
const upstreamSide = anthropic.upstream as NonNullable<typeof anthropic.upstream>;

/** Everything of a dialect that runs in a call, and on which way. */
const points: [name: string, path: CallerPath, stream: boolean, inject: () => unknown][] = [
  ['readReply', chat, false, () => vi.spyOn(openai, 'readReply').mockImplementation(fault)],
  ['endsStream', chat, true, () => vi.spyOn(openai, 'endsStream').mockImplementation(fault)],
  ['readStream', chat, true, () => vi.spyOn(openai, 'readStream').mockImplementation(fault)],
  ['parseRequest', toAnthropic, false, () => vi.spyOn(callerSide, 'parseRequest').mockImplementation(fault)],
  ['renderRequest', toAnthropic, true, () => vi.spyOn(upstreamSide, 'renderRequest').mockImplementation(fault)],
  ['parseResponse', toAnthropic, false, () => vi.spyOn(upstreamSide, 'parseResponse').mockImplementation(fault)],
  ['renderResponse', toAnthropic, false, () => vi.spyOn(callerSide, 'renderResponse').mockImplementation(fault)],
  ['createStreamParser', toAnthropic, true, () => vi.spyOn(upstreamSide, 'createStreamParser').mockImplementation(fault)],
  ['a stream parser', toAnthropic, true, () => vi.spyOn(upstreamSide, 'createStreamParser').mockImplementation(() => fault)],
  ['createStreamRenderer', toAnthropic, true, () => vi.spyOn(callerSide, 'createStreamRenderer').mockImplementation(fault)],
  ['a stream renderer', toAnthropic, true, () => vi.spyOn(callerSide, 'createStreamRenderer').mockImplementation(() => fault)],
  ['a stream renderer in the middle', toAnthropic, true, throwLater],
];

function throwLater(): void {
  const create = callerSide.createStreamRenderer;
  vi.spyOn(callerSide, 'createStreamRenderer').mockImplementation((options) => {
    const render = create(options);
    let events = 0;
    return (event) => (++events > 4 ? fault() : render(event));
  });
}

it.each(points)('I4: an exception in %s ends that call and no other', async (_name, path, stream, inject) => {
  const bystander = callerPaths[4] as CallerPath;
  inject();
  const request = path.request('hello', stream);
  const [broken, other] = await Promise.all([
    tollgate.post(request.path, request.body).catch((error: NodeJS.ErrnoException) => error.code ?? error.message),
    tollgate.post(bystander.request('hi', stream).path, bystander.request('hi', stream).body),
  ]);
  expect(other.status).toBe(200);
  // Before the first byte it is a 500 in the dialect; after it, only a broken connection can say so.
  if (typeof broken === 'string') expect(broken).toBe('ECONNRESET');
  else {
    expect(broken.status).toBe(500);
    expect(readErrorMessage('openai-chat', broken.json())).toContain('Tollgate failed');
    expect(await tollgate.readCall(broken)).toMatchObject({ status: 'error', error: { code: 'internal' } });
  }
  vi.restoreAllMocks();
  expect((await tollgate.post(request.path, request.body)).status).toBe(200);
  expect(tollgate.log.some((line) => line.includes('injected'))).toBe(true);
});

it('I4: an exception in readStream at the end of a cut stream, and at a hang-up', async () => {
  vi.spyOn(openai, 'readStream').mockImplementation(fault);
  const { path, body } = chat.request('hello', true);
  tollgate.upstream.answerAll((request) => ({ ...answerByDefault(request), chunks: ['data: {"choices":[]}\n\n'], ending: 'reset' }));
  await expect(tollgate.post(path, body)).rejects.toMatchObject({ code: 'ECONNRESET' });
  tollgate.upstream.answerAll((request) => ({ ...answerByDefault(request), chunks: ['data: {"choices":[]}\n\n'], ending: 'hang' }));
  const controller = new AbortController();
  const headers = { authorization: `Bearer ${tollgate.key}`, 'content-type': 'application/json' };
  const response = await fetch(tollgate.url + path, { method: 'POST', headers, body: JSON.stringify(body), signal: controller.signal });
  const upstream = tollgate.upstream.last();
  controller.abort();
  await expect(response.text()).rejects.toThrow();
  await upstream.hungUp;
  expect((await tollgate.send('/healthz')).status).toBe(200);
});

it('I4: an exception in parseError hides no failure', async () => {
  vi.spyOn(openai, 'parseError').mockImplementation(fault);
  tollgate.upstream.enqueue({ status: 400, body: { error: { message: 'no' } } });
  const { path, body } = chat.request('hello', false);
  expect((await tollgate.post(path, body)).status).toBe(500);
});

it('I4: each of these calls has a row, and it is closed', async () => {
  const open = async () => (await listCalls(tollgate)).filter(({ status }) => status === 'started');
  expect(await open()).toEqual([]);
});
