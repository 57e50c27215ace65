import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerPaths } from '../support/caller-paths.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import type { ScriptedReply } from '../support/fake-upstream.ts';
import { openRestlessUpstream } from '../support/restless-upstream.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import type { RawReply } from '../support/test-gateway-client.ts';

const [chat, translated] = callerPaths as [(typeof callerPaths)[number], (typeof callerPaths)[number]];
const ownRetries = { 'x-stainless-retry-count': '0' };
const failure = (status: number, headers: Record<string, string> = {}): ScriptedReply => ({
  status,
  headers,
  body: { error: { message: 'no' } },
});
const soon = { 'retry-after-ms': '5' };

let tollgate: TestGateway;
/** Answers to the calls whose user says the key, one for each try; behind them the provider is well. */
const scripts = new Map<string, ScriptedReply[]>();

beforeAll(async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  tollgate = await openTestGateway({ providers: [{ id: 'gone', baseUrl: `http://127.0.0.1:${port}/v1`, models: ['lost'] }] });
  tollgate.upstream.answerAll((request) => {
    const [, key] = /"(script-[^"]+)"/.exec(request.body.toString()) ?? [];
    return scripts.get(key ?? '')?.shift() ?? answerByDefault(request);
  });
});
afterAll(() => tollgate.close());

async function run(name: string, answers: ScriptedReply[], headers: Record<string, string> = {}, path = chat, stream = false) {
  const key = `script-${name}`;
  scripts.set(key, [...answers]);
  const request = path.request(key, stream);
  const reply = await tollgate.post(request.path, request.body, headers);
  const row = await tollgate.readCall(reply);
  const tries = tollgate.upstream.requests.filter(({ body }) => body.includes(`"${key}"`)).length;
  return { status: reply.status, tries, attempts: row.attempts.map((attempt) => attempt.status), row };
}

describe('what is tried again before the first byte', () => {
  it.concurrent.for([500, 502, 503, 504, 529])('%d: until the provider is well', async (status) => {
    const result = await run(`well ${status}`, [failure(status)], {}, translated, true);
    expect(result).toMatchObject({ status: 200, tries: 2, attempts: [status, 200], row: { status: 'ok' } });
  });

  it.concurrent('503 for ever: twice, then the failure is the answer', async () => {
    const result = await run('for ever', Array(9).fill(failure(503)));
    expect(result).toMatchObject({ status: 503, tries: 3, attempts: [503, 503, 503], row: { status: 'error' } });
  });

  it.concurrent.for([
    ['milliseconds', soon],
    ['seconds', { 'retry-after': '0' }],
    ['a date', { 'retry-after': new Date(Date.now() - 1_000).toUTCString() }],
  ] as const)('429 with a stated wait in %s', async ([name, headers]) => {
    expect(await run(`429 ${name}`, [failure(429, headers)])).toMatchObject({ status: 200, tries: 2, attempts: [429, 200] });
  });

  it.concurrent('a refused connection, also for callers that retry themselves', async () => {
    const reply = await tollgate.post('/v1/chat/completions', { model: 'lost', messages: [{ role: 'user', content: 'hi' }] }, ownRetries);
    const row = await tollgate.readCall(reply);
    expect(reply.status).toBe(502);
    expect(row).toMatchObject({ status: 'error', error: { code: 'upstream_unreachable' } });
    expect(row.attempts).toHaveLength(3);
  });
});

describe('what is not tried again', () => {
  it.concurrent.for([400, 401, 402, 403, 404, 408, 413, 422])('%d', async (status) => {
    expect(await run(`once ${status}`, Array(3).fill(failure(status, soon)))).toMatchObject({ status, tries: 1, attempts: [status] });
  });

  it.concurrent.for([
    ['without a stated wait', {}],
    ['with a wait beyond four seconds', { 'retry-after': '60' }],
  ] as const)('429 %s', async ([name, headers]) => {
    expect(await run(`429 ${name}`, Array(3).fill(failure(429, headers)))).toMatchObject({ status: 429, tries: 1 });
  });

  it.concurrent.for([429, 500, 503, 529])('%d for a caller that says it retries itself', async (status) => {
    expect(await run(`own ${status}`, Array(3).fill(failure(status, soon)), ownRetries)).toMatchObject({ status, tries: 1 });
  });

  it.concurrent('a stream that broke off after its first byte', async () => {
    const result = await run(
      'broken',
      [{ chunks: ['data: {"id":"x","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'], ending: 'reset' }],
      {},
      chat,
      true,
    );
    expect(result).toMatchObject({ status: 200, tries: 1, row: { status: 'upstream_truncated' } });
  });
});

describe('J3: a request that may have been processed is sent once', () => {
  it.for([
    ['reset', 'on a new connection'],
    ['close', 'on a new connection'],
    ['reset', 'on a used connection'],
    ['close', 'on a used connection'],
  ] as const)('%s after the body was sent, %s', async ([silent, connection]) => {
    const other = await openTestGateway();
    try {
      for (let call = 0; call < 20; call++) {
        const { path, body } = chat.request(`call ${call}`, call % 2 === 0);
        if (connection === 'on a used connection') expect((await other.post(path, body)).status).toBe(200);
        other.upstream.reset();
        other.upstream.enqueue({ silent }, { silent }, { silent });
        const reply = await other.post(path, body);
        expect(reply.status).toBe(502);
        expect(other.upstream.requests).toHaveLength(1);
        expect(await other.readCall(reply)).toMatchObject({ status: 'error', error: { code: 'upstream_unreachable' } });
        other.upstream.reset();
      }
    } finally {
      await other.close();
    }
  });
});

it('J9: a provider that closes idle connections at random costs no caller an error, and gets nothing twice', async () => {
  const restless = await openRestlessUpstream(9, 4);
  const other = await openTestGateway({ providers: [{ id: 'openai', baseUrl: `${restless.origin}/v1`, keyFromEnv: 'OPENAI_API_KEY' }] });
  const total = 300;
  const replies: RawReply[] = [];
  let next = 0;
  const callOneByOne = async () => {
    for (let call = next++; call < total; call = next++) {
      const { path, body } = chat.request(`nonce ${call}`, false);
      replies.push(await other.post(path, body));
    }
  };
  await Promise.all([callOneByOne(), callOneByOne()]);
  const rows = await Promise.all(replies.map((reply) => other.readCall(reply)));
  const repeats = rows.reduce((sum, { attempts }) => sum + attempts.length - 1, 0);
  await other.close();
  await restless.close();
  console.log(
    `J9: ${total} calls, ${restless.closings} idle connections closed by the provider, ${repeats} requests crossed with a close and were repeated`,
  );
  expect(replies.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
  expect([...restless.seen.values()].filter((times) => times !== 1)).toEqual([]);
  expect(restless.seen.size).toBe(total);
  expect(restless.closings).toBeGreaterThan(30);
});
