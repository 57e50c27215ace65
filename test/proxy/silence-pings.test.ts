import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../support/fake-upstream/anthropic.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { readEvents } from '../support/test-gateway-client.ts';

const pingAfterMs = 12_000;
const ping = ': ping\n\n';
const model = 'claude-sonnet-4-6';
const messages = [{ role: 'user' as const, content: 'x' }];

const start = event('message_start', { message: { id: 'm', model: 'c', usage: { input_tokens: 9, output_tokens: 1 } } });
const open = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const say = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const end =
  event('content_block_stop', { index: 0 }) +
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } }) +
  event('message_stop', {});

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
// Only these two: sockets, promises and the clock of the ledger are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  await vi.runOnlyPendingTimersAsync();
  vi.useRealTimers();
  tollgate.upstream.reset();
});

/** A stream as the official SDK reads it, beside the bytes it came in. */
async function openStream() {
  let raw = '';
  let tell = (): void => {};
  const openai = new OpenAI({
    apiKey: tollgate.key,
    baseURL: `${tollgate.url}/v1`,
    maxRetries: 0,
    async fetch(url, init) {
      const response = await fetch(url, init);
      const decoder = new TextDecoder();
      const watch = new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, controller) {
          raw += decoder.decode(bytes, { stream: true });
          controller.enqueue(bytes);
          tell();
        },
      });
      return new Response(response.body?.pipeThrough(watch), response);
    },
  });
  const { data, response } = await openai.chat.completions.create({ model, messages, stream: true }).withResponse();
  let text = '';
  let pings = 0;
  const read = (async () => {
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      tell();
    }
  })();
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    }
  };
  return {
    response,
    read,
    raw: () => raw,
    untilText: (wanted: string) => until(() => text === wanted),
    untilPinged: () => until(() => raw.split(ping).length - 1 === pings + 1).then(() => void pings++),
  };
}

describe('S13: while a model thinks in silence', () => {
  it('a translated stream has a ping every 12 s, between events, which the official SDK does not see', async () => {
    // What comes before the silence ends inside an event; 北 is cut in two as well.
    const next = Buffer.from(say('北京'));
    const cut = next.indexOf('北') + 1;
    const before = Buffer.concat([Buffer.from(start + open + say('Hel')), next.subarray(0, cut)]);
    const after = Buffer.concat([next.subarray(cut), Buffer.from(end)]);
    tollgate.upstream.enqueue({ chunks: [before, after], chunkDelayMs: pingAfterMs * 2.5 });
    const stream = await openStream();
    await stream.untilText('Hel');
    await vi.advanceTimersByTimeAsync(pingAfterMs - 1);
    // Whatever the gateway had sent by now is here before this answer is.
    await tollgate.send('/healthz');
    expect(stream.raw()).not.toContain(ping);
    await vi.advanceTimersByTimeAsync(1);
    await stream.untilPinged();
    await vi.advanceTimersByTimeAsync(pingAfterMs);
    await stream.untilPinged();
    await vi.advanceTimersByTimeAsync(pingAfterMs / 2);
    await stream.read;
    await stream.untilText('Hel北京');

    const events = stream.raw().split('\n\n');
    expect(events.filter((text) => text === ': ping')).toHaveLength(2);
    expect(events.indexOf(': ping')).toBe(events.findIndex((text) => text.includes('"Hel"')) + 1);
    expect(events.at(-2)).toBe('data: [DONE]');
    expect(readEvents(stream.raw()).length).toBe(events.length - 3);
    expect(await tollgate.readCall(stream.response)).toMatchObject({ status: 'ok', usage: { inputUncached: 9, outputText: 4 } });
  });

  it('there is none while tokens flow, however long it takes', async () => {
    const words = Array.from({ length: 10 }, (_, index) => say(`${index}`));
    const chunkDelayMs = pingAfterMs / 2;
    tollgate.upstream.enqueue({ chunks: [start + open, ...words, end], chunkDelayMs });
    const stream = await readWhile(openStream());
    for (let count = 1; count <= words.length; count++) {
      await stream.untilText('0123456789'.slice(0, count));
      await vi.advanceTimersByTimeAsync(chunkDelayMs);
    }
    await stream.read;
    expect(stream.raw()).not.toContain(': ping');
  });

  it('the first one brings headers and opening; a fault behind it is then an event of the stream', async () => {
    const fault = event('error', { error: { type: 'overloaded_error', message: 'too much' } });
    tollgate.upstream.enqueue({ chunks: [start, fault], chunkDelayMs: pingAfterMs * 1.5 });
    const stream = await readWhile(openStream());
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await stream.untilPinged();
    expect(stream.raw()).toMatch(/^data: \{.*"role":"assistant".*\}\n\n: ping\n\n$/);
    const thrown = stream.read.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(pingAfterMs);
    expect(await thrown).toBeInstanceOf(OpenAI.APIError);
    expect(await tollgate.readCall(stream.response)).toMatchObject({
      status: 'error',
      httpStatus: 200,
      error: { message: expect.stringContaining('too much') },
    });
  });
});

/** Lets time pass until a promise is settled whose wait nothing outside shows. */
async function readWhile<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const noted = promise.finally(() => {
    settled = true;
  });
  while (!settled) {
    await vi.advanceTimersByTimeAsync(1_000);
    await tollgate.send('/healthz');
  }
  return noted;
}
