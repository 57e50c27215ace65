import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallerPath, callerPaths, isTranslated } from '../support/caller-paths.ts';
import { openTestGateway, type TestGateway, upstreamKeys } from '../support/test-gateway.ts';
import type { RawReply } from '../support/test-gateway-client.ts';

const keys: Record<string, string> = {
  openai: upstreamKeys.OPENAI_API_KEY,
  anthropic: upstreamKeys.ANTHROPIC_API_KEY,
  gemini: upstreamKeys.GEMINI_API_KEY,
};
/** No vendor's shape, so that only the exact match can find it. */
const byok = 'own.canary.0123456789.abcdefghij';
/** The caller retries by itself: every scripted answer is seen. */
const once = { 'x-stainless-retry-count': '0' };

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());

const cases = callerPaths.flatMap((path) =>
  [false, true].flatMap((stream) => [
    { path, stream, key: keys[path.provider] ?? '', headers: once },
    { path, stream, key: byok, headers: { ...once, 'x-provider-api-key': byok } },
  ]),
);
const describeCase = ({ path, stream, key }: (typeof cases)[number]): string =>
  `${path.name}, ${stream ? 'stream' : 'whole'}, ${key === byok ? 'the caller’s own key' : 'a stored key'}`;

const fault = (key: string) => ({
  type: 'error',
  error: {
    type: 'authentication_error',
    code: 401,
    status: 'UNAUTHENTICATED',
    message: `Incorrect API key provided: ${key}. Ask for another.`,
  },
});

/** Sends the same request with each answer; nothing that comes back or is kept may hold the key. */
async function expectMasked(
  path: CallerPath,
  stream: boolean,
  key: string,
  headers: Record<string, string>,
  splits: readonly number[],
  bytes: string,
  status: number,
): Promise<RawReply[]> {
  const replies: RawReply[] = [];
  for (const splitAt of splits) {
    tollgate.upstream.enqueue({ status, chunks: [bytes], splitAt, headers: status === 200 ? {} : { 'content-type': 'application/json' } });
    const { path: target, body } = path.request('x', stream);
    const reply = await tollgate.post(target, body, headers);
    replies.push(reply);
    const kept = JSON.stringify([await tollgate.readCall(reply), await tollgate.readBodies(reply)]);
    expect(JSON.stringify(reply.headers) + reply.text + kept, `cut at ${splitAt}`).not.toContain(key);
    expect(kept, `cut at ${splitAt}`).toContain('[key]');
    expect(reply.text, `cut at ${splitAt}`).toContain('[key]');
  }
  return replies;
}

/** Every cut inside the key, and some around it. */
function listSplits(bytes: string, key: string): number[] {
  const at = bytes.indexOf(key);
  return [1, at - 1, ...Array.from({ length: key.length + 1 }, (_, index) => at + index), at + key.length + 1];
}

describe('G2: a key that the provider repeats in its error is masked for the caller and in the ledger, cut anywhere', () => {
  it.each(cases)('$path.name: status 401', async (one) => {
    const bytes = JSON.stringify(fault(one.key));
    const replies = await expectMasked(one.path, one.stream, one.key, one.headers, listSplits(bytes, one.key), bytes, 401);
    for (const { status, text } of replies) {
      expect(status, describeCase(one)).toBe(401);
      // The rest of the provider's words stays as it was.
      if (!isTranslated(one.path)) expect(text).toBe(bytes.replace(one.key, '[key]'));
      else expect(text).toContain('Incorrect API key provided: [key]. Ask for another.');
    }
  });

  it.each(cases.filter(({ stream }) => stream))('$path.name: an error after 200 in a stream', async (one) => {
    const event = one.path.upstreamDialect === 'anthropic-messages' ? 'event: error\n' : '';
    const bytes = `${event}data: ${JSON.stringify(fault(one.key))}\n\n`;
    const replies = await expectMasked(one.path, true, one.key, one.headers, listSplits(bytes, one.key), bytes, 200);
    if (!isTranslated(one.path)) for (const { text } of replies) expect(text.startsWith(bytes.replace(one.key, '[key]'))).toBe(true);
  });

  it('negative control: another text of the same length is not masked', async () => {
    const other = 'o'.repeat(upstreamKeys.OPENAI_API_KEY.length);
    const bytes = JSON.stringify(fault(other));
    tollgate.upstream.enqueue({ status: 401, body: bytes });
    const reply = await tollgate.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'x' }] }, once);
    expect(reply.text).toBe(bytes);
  });
});

it('G2: in a header, a redirect and a request id', async () => {
  const key = upstreamKeys.OPENAI_API_KEY;
  const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'x' }] };
  tollgate.upstream.enqueue({
    status: 401,
    body: fault('x'),
    headers: { 'www-authenticate': `Bearer error="${key}"`, 'x-request-id': key },
  });
  const refused = await tollgate.post('/v1/chat/completions', body, once);
  tollgate.upstream.enqueue({ status: 302, body: '', headers: { location: `https://example.com/?key=${key}` } });
  const redirected = await tollgate.post('/v1/chat/completions', body, once);
  for (const reply of [refused, redirected]) {
    expect(JSON.stringify([reply.headers, reply.text, await tollgate.readCall(reply), await tollgate.readBodies(reply)])).not.toContain(
      key,
    );
    expect(JSON.stringify([reply.headers, reply.text])).toContain('[key]');
  }
});

it('an answer that holds no key is relayed byte for byte, also where it ends like the beginning of one', async () => {
  const beginning = upstreamKeys.OPENAI_API_KEY.slice(0, 20);
  const text = `data: {"id":"x","choices":[{"index":0,"delta":{"content":"${beginning}"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n${beginning}`;
  for (const splitEvery of [1, 7, 4096]) {
    tollgate.upstream.enqueue({ chunks: [text], splitEvery });
    const body = {
      model: 'gpt-5.4-mini',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'x' }],
    };
    expect((await tollgate.post('/v1/chat/completions', body)).text).toBe(text);
  }
});
