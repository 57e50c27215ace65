import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src-main/contract/entities.ts';
import { event } from '../support/fake-upstream/anthropic.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

/** One whole answer with this usage, over the provider's own dialect and over Chat Completions. */
async function meter(model: string, path: string, answer: object): Promise<CallDetail> {
  tollgate.upstream.answerAll({ body: answer });
  const ask = { model, max_tokens: 9, contents: [], messages: [{ role: 'user', content: 'x' }] };
  const native = await tollgate.readCall(await tollgate.post(path, ask));
  const chat = await tollgate.readCall(await tollgate.post('/v1/chat/completions', ask));
  expect({ cost: chat.costNanoUsd, usage: chat.usage }).toEqual({ cost: native.costNanoUsd, usage: native.usage });
  return native;
}

const claude = (usage: object) => ({
  id: 'm',
  type: 'message',
  role: 'assistant',
  model: 'c',
  content: [],
  stop_reason: 'end_turn',
  usage,
});
const gpt = (usage: object) => ({
  id: 'c',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }],
  usage,
});

describe('golden costs, to the nano-dollar', () => {
  it('fixture 1, T2, T17, usage of Anthropic: a Claude Sonnet call that writes the cache: $0.054399', async () => {
    const usage = { input_tokens: 3, cache_creation_input_tokens: 12_304, cache_read_input_tokens: 0, output_tokens: 550 };
    expect((await meter('claude-3-7-sonnet-20250219', '/v1/messages', claude(usage))).costNanoUsd).toBe(54_399_000);
  });

  it('fixture 2: a Claude Opus call that writes the cache: $1.06376125', async () => {
    const usage = { input_tokens: 6, cache_creation_input_tokens: 159_217, output_tokens: 2_745 };
    expect((await meter('claude-opus-4-5', '/v1/messages', claude(usage))).costNanoUsd).toBe(1_063_761_250);
  });

  it('fixture 3, usage of OpenAI chat: an OpenAI call with cached input: $0.011684', async () => {
    const usage = { prompt_tokens: 6_074, completion_tokens: 285, total_tokens: 6_359, prompt_tokens_details: { cached_tokens: 3_456 } };
    expect((await meter('gpt-5.4', '/v1/chat/completions', gpt(usage))).costNanoUsd).toBe(11_684_000);
  });

  it('fixture 4, usage of xAI: what xAI says it cost, $0.0232856', async () => {
    const usage = {
      prompt_tokens: 10_120,
      completion_tokens: 1_499,
      total_tokens: 14_428,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 2_809 },
      cost_in_usd_ticks: 232_856_000,
    };
    const call = await meter('grok-4-0709', '/v1/chat/completions', gpt(usage));
    expect(call).toMatchObject({ costNanoUsd: 23_285_600, costSource: 'provider', usage: { outputText: 1_499, outputReasoning: 2_809 } });
  });

  it('fixture 5, T3, usage of Gemini: Gemini’s thoughts are output', async () => {
    const usageMetadata = { promptTokenCount: 7_477, candidatesTokenCount: 2_060, thoughtsTokenCount: 1_939, totalTokenCount: 11_476 };
    const answer = { candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }], usageMetadata, responseId: 'g' };
    const call = await meter('gemini-2.5-flash', '/v1beta/models/gemini-2.5-flash:generateContent', answer);
    expect(call.usage).toMatchObject({ inputUncached: 7_477, outputText: 2_060, outputReasoning: 1_939 });
    expect(call.costNanoUsd).toBe(7_477 * 300 + (2_060 + 1_939) * 2_500);
  });

  it('fixture 7: a cached prompt costs no more than a cold one', async () => {
    const cold = await meter('claude-sonnet-4-6', '/v1/messages', claude({ input_tokens: 10_000, output_tokens: 10 }));
    const warm = await meter(
      'claude-sonnet-4-6',
      '/v1/messages',
      claude({ input_tokens: 0, cache_read_input_tokens: 10_000, output_tokens: 10 }),
    );
    expect(warm.costNanoUsd!).toBeLessThan(cold.costNanoUsd!);
  });

  it('fixture 8: a long prompt is billed at its tier exactly from the row’s threshold on', async () => {
    const at = (input_tokens: number) => meter('claude-sonnet-4-5', '/v1/messages', claude({ input_tokens, output_tokens: 1_000 }));
    expect((await at(200_000)).costNanoUsd).toBe(200_000 * 3_000 + 1_000 * 15_000);
    expect((await at(200_001)).costNanoUsd).toBe(200_001 * 6_000 + 1_000 * 22_500);
    // xAI's threshold is the first token of the higher tier.
    const xai = (prompt: number) =>
      meter(
        'grok-4.5',
        '/v1/chat/completions',
        gpt({ prompt_tokens: prompt, completion_tokens: 1_000, total_tokens: prompt + 1_000, prompt_tokens_details: { cached_tokens: 9 } }),
      );
    expect((await xai(199_999)).costNanoUsd).toBe(199_990 * 2_000 + 9 * 300 + 1_000 * 6_000);
    expect((await xai(200_000)).costNanoUsd).toBe(199_991 * 4_000 + 9 * 600 + 1_000 * 12_000);
  });

  it('T16: a dated name has its model’s price', async () => {
    const usage = { input_tokens: 1_000, output_tokens: 100 };
    const dated = await meter('claude-haiku-4-5-20251001', '/v1/messages', claude(usage));
    expect(dated.costNanoUsd).toBe(1_000 * 1_000 + 100 * 5_000);
    expect((await meter('claude-haiku-4-5', '/v1/messages', claude(usage))).costNanoUsd).toBe(dated.costNanoUsd);
  });

  it('fixture 9: an unknown model has an unknown cost, never 0', async () => {
    const call = await meter('llama3.2', '/v1/chat/completions', gpt({ prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 }));
    expect(call).toMatchObject({ costNanoUsd: null, costSource: 'unknown', usage: { inputUncached: 5 } });
  });

  it('what a call cost can be read line by line, and the lines add up', async () => {
    const call = await meter(
      'claude-sonnet-4-6',
      '/v1/messages',
      claude({ input_tokens: 7, cache_read_input_tokens: 11, output_tokens: 13 }),
    );
    const lines = call.costLines as { amountPicoUsd: string }[];
    expect(lines.reduce((sum, line) => sum + Number(line.amountPicoUsd), 0) / 1_000).toBe(call.costNanoUsd);
  });
});

it.each([
  ['the same counts', { input_tokens: 1_000, cache_read_input_tokens: 500 }],
  ['the whole prompt', { input_tokens: 1_500 }],
])('fixture 6, T1: the input tokens of a Claude stream that begins with %s are counted once', async (_name, atStart) => {
  const chunks = [
    event('message_start', { message: { id: 'm', model: 'c', usage: { ...atStart, output_tokens: 1 } } }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 1_000, cache_read_input_tokens: 500, output_tokens: 20 },
    }),
    event('message_stop', {}),
  ];
  for (const path of ['/v1/messages', '/v1/chat/completions']) {
    tollgate.upstream.enqueue({ chunks });
    const reply = await tollgate.post(path, {
      model: 'claude-sonnet-4-6',
      max_tokens: 9,
      stream: true,
      messages: [{ role: 'user', content: 'x' }],
    });
    const { usage, costNanoUsd } = await tollgate.readCall(reply);
    expect(usage).toMatchObject({ inputUncached: 1_000, inputCacheRead: 500, outputText: 20 });
    expect(costNanoUsd).toBe(1_000 * 3_000 + 500 * 300 + 20 * 15_000);
  }
});

it.each(['completed', 'incomplete', 'failed'])('usage of OpenAI Responses: stands in the event response.%s', async (status) => {
  const usage = {
    input_tokens: 6_074,
    input_tokens_details: { cached_tokens: 3_456 },
    output_tokens: 285,
    output_tokens_details: { reasoning_tokens: 85 },
    total_tokens: 6_359,
  };
  const error = status === 'failed' ? { code: 'server_error', message: 'no' } : null;
  const incomplete_details = status === 'incomplete' ? { reason: 'max_output_tokens' } : null;
  const response = { id: 'r', model: 'gpt-5.4', output: [], status, usage, error, incomplete_details };
  tollgate.upstream.enqueue({ chunks: [event(`response.${status}`, { response })] });
  const call = await tollgate.readCall(await tollgate.post('/v1/responses', { model: 'gpt-5.4', input: 'x', stream: true }));
  expect(call.usage).toMatchObject({ inputUncached: 2_618, inputCacheRead: 3_456, outputText: 200, outputReasoning: 85 });
  expect(call).toMatchObject({ status: status === 'failed' ? 'error' : 'ok', costNanoUsd: 11_684_000 });
});

it('usage of OpenRouter and DeepInfra: their own figure is the cost, with nothing added to it', async () => {
  const other = await openTestGateway({
    upstream: tollgate.upstream,
    providers: ['openrouter', 'deepinfra'].map((id) => ({
      id,
      baseUrl: `${tollgate.upstream.origin}/${id}/v1`,
      keyFromEnv: 'OPENAI_API_KEY',
      dialect: 'openai-chat' as const,
    })),
  });
  const counts = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  for (const [model, figure, costNanoUsd] of [
    ['openrouter/openai/gpt-5.4', { cost: 0.00014, cost_details: { upstream_inference_cost: 19 } }, 140_000],
    ['deepinfra/llama-3', { estimated_cost: 2.5e-7 }, 250],
  ] as const) {
    tollgate.upstream.enqueue({ body: gpt({ ...counts, ...figure }) });
    const call = await other.readCall(await other.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }] }));
    expect(call).toMatchObject({ costNanoUsd, costSource: 'provider', usage: { inputUncached: 100, outputText: 20 } });
  }
  await other.close();
});
