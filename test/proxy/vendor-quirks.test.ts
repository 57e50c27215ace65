import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeUpstream, openFakeUpstream } from '../support/fake-upstream.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await openFakeUpstream();
  const at = (id: string) => ({ id, baseUrl: `${upstream.origin}/${id}/v1`, keyFromEnv: 'OPENAI_API_KEY' });
  tollgate = await openTestGateway({ upstream, providers: [at('groq'), at('mistral'), { ...at('ollama'), models: ['qwen3'] }] });
});
afterAll(async () => {
  await tollgate.close();
  await upstream.close();
});
beforeEach(() => upstream.reset());

const messages = [{ role: 'user', content: 'x' }];

/** What goes upstream, and what the row says was lost. */
async function send(fields: object): Promise<{ body: Record<string, unknown>; text: string; losses: string[]; conversion: string }> {
  const reply = await tollgate.post('/v1/chat/completions', { messages, ...fields });
  const { losses, conversion } = await tollgate.readCall(reply);
  const { body } = upstream.last();
  return { body: JSON.parse(body.toString()), text: body.toString(), losses: losses.map(({ path }) => path), conversion };
}

describe('X19: settings that OpenAI’s reasoning models reject', () => {
  it.each(['o3', 'o4-mini', 'gpt-5', 'gpt-5-mini-2025-08-07', 'gpt-5.4-mini', 'gpt-6'])(
    'max_tokens goes to %s under its new name',
    async (model) => {
      const { body, losses, conversion } = await send({ model, max_tokens: 9 });
      expect(body).toEqual({ messages, model, max_completion_tokens: 9 });
      expect({ losses, conversion }).toEqual({ losses: [], conversion: 'patched' });
    },
  );

  it('sampling is left out while the model reasons, and the row says so', async () => {
    for (const fields of [{ model: 'o3' }, { model: 'gpt-5' }, { model: 'gpt-5.4', reasoning_effort: 'low' }]) {
      const { body, losses } = await send({ ...fields, temperature: 0.2, top_p: 1, presence_penalty: 0 });
      expect(body).toEqual({ messages, ...fields, top_p: 1, presence_penalty: 0 });
      expect(losses).toEqual(['temperature']);
    }
  });

  it.each([
    { model: 'gpt-4o', max_tokens: 9, temperature: 0.2 },
    { model: 'gpt-5-chat-latest', max_tokens: 9, temperature: 0.2 },
    { model: 'gpt-5.4', temperature: 0.2 },
    { model: 'gpt-5.4', temperature: 0.2, reasoning_effort: 'none' },
    { model: 'o3', max_completion_tokens: 9, temperature: 1 },
  ])('%j passes byte for byte', async (fields) => {
    const { text, conversion } = await send(fields);
    expect(text).toBe(JSON.stringify({ messages, ...fields }));
    expect(conversion).toBe('unchanged');
  });
});

describe('xAI', () => {
  it('X18: what a reasoning Grok rejects is left out and named', async () => {
    const { body, losses } = await send({ model: 'grok-4-0709', stop: ['x'], presence_penalty: 1, reasoning_effort: 'high' });
    expect(body).toEqual({ messages, model: 'grok-4-0709' });
    expect(losses.sort()).toEqual(['presence_penalty', 'reasoning_effort', 'stop']);
  });

  it('a word that only looks like a setting changes nothing', async () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { stop: { enum: ['stop'] } } } } }];
    const { text, conversion } = await send({ model: 'grok-4-0709', tools });
    expect(text).toBe(JSON.stringify({ messages, model: 'grok-4-0709', tools }));
    expect(conversion).toBe('unchanged');
  });
});

it('Groq, Mistral and Ollama get what they understand', async () => {
  const named = await send({ model: 'groq/llama-3.3-70b', logprobs: true, messages: [{ role: 'user', name: 'ann', content: 'x' }] });
  expect(named.body).toEqual({ model: 'llama-3.3-70b', messages });
  expect(named.losses.sort()).toEqual(['logprobs', 'messages[].name']);
  const mistral = await send({ model: 'mistral/mistral-large', seed: 7, max_completion_tokens: 9, tool_choice: 'required', stream: true });
  expect(mistral.body).toEqual({ model: 'mistral-large', messages, random_seed: 7, max_tokens: 9, tool_choice: 'any', stream: true });
  const ollama = await send({ model: 'qwen3', max_completion_tokens: 9, messages: [{ role: 'developer', content: 's' }, ...messages] });
  expect(ollama.body).toEqual({ model: 'qwen3', max_tokens: 9, messages: [{ role: 'system', content: 's' }, ...messages] });
});
