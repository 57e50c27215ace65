import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerText } from '../support/fake-upstream/figures.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

/** Each provider package with the base URL its documentation asks for. */
const clients: Record<string, () => LanguageModel> = {
  'openai chat → gpt': () => openai().chat('gpt-5.4-mini'),
  'openai chat → claude': () => openai().chat('claude-sonnet-4-6'),
  'openai chat → gemini': () => openai().chat('gemini-2.5-flash'),
  'openai chat → grok': () => openai().chat('grok-4-0709'),
  'openai chat → custom': () => openai().chat('llama3.2'),
  'openai responses': () => openai().responses('gpt-5.4-mini'),
  anthropic: () => createAnthropic({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1` })('claude-sonnet-4-6'),
  google: () => createGoogle({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1beta` })('gemini-2.5-flash'),
};

const openai = () => createOpenAI({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1` });

const totals: Record<string, { inputTokens: number; outputTokens: number }> = {
  gpt: { inputTokens: 100, outputTokens: 20 },
  claude: { inputTokens: 100, outputTokens: 24 },
  gemini: { inputTokens: 120, outputTokens: 20 },
  grok: { inputTokens: 101, outputTokens: 15 },
  custom: { inputTokens: 100, outputTokens: 20 },
  responses: { inputTokens: 100, outputTokens: 20 },
  anthropic: { inputTokens: 100, outputTokens: 24 },
  google: { inputTokens: 120, outputTokens: 20 },
};

describe.each(Object.keys(clients))('ai SDK: %s', (name) => {
  const model = () => clients[name]!();
  const usage = totals[name.split(' ').at(-1)!]!;

  it('answers whole', async () => {
    const result = await generateText({ model: model(), prompt: 'Hello 北京😀', maxRetries: 0 });
    expect(result.text).toBe(answerText);
    expect(result.usage).toMatchObject(usage);
  });

  it('S4: streams, with a usage its schema takes', async () => {
    const result = streamText({ model: model(), prompt: 'Hello', maxRetries: 0, onError: () => {} });
    expect((await Array.fromAsync(result.textStream)).join('')).toBe(answerText);
    expect(await result.usage).toMatchObject(usage);
    expect(await result.finishReason).toBe('stop');
  });

  it('runs a loop of parallel tools', async () => {
    const seen: string[] = [];
    const describeCity = (subject: string) =>
      tool({
        description: `Tells the ${subject}`,
        inputSchema: jsonSchema<{ city: string }>({
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        }),
        execute: async ({ city }) => {
          seen.push(`${subject} ${city}`);
          return { answer: `${subject} of ${city}` };
        },
      });
    const result = streamText({
      model: model(),
      prompt: '[tools]',
      maxRetries: 0,
      tools: { weather: describeCity('weather'), news: describeCity('news') },
      stopWhen: stepCountIs(3),
      onError: () => {},
    });
    expect(await result.text).toBe(answerText);
    expect(seen.sort()).toEqual(['news Oslo', 'weather 北京😀']);
  });
});
