import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionTool } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import { answerObject, answerText, costs, signatures, thinkingText } from '../support/fake-upstream/figures.ts';
import type { Answer } from '../support/fake-upstream.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  tollgate = await openTestGateway();
  openai = new OpenAI({ apiKey: tollgate.key, baseURL: `${tollgate.url}/v1`, maxRetries: 0 });
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

/** What the ledger must hold for a default answer of each provider. */
const targets = [
  {
    model: 'gpt-5.4-mini',
    row: { provider: 'openai', upstreamDialect: 'openai-chat', costNanoUsd: costs['gpt-5.4-mini'], costSource: 'price-book' },
    usage: { inputUncached: 60, inputCacheRead: 40, outputText: 12, outputReasoning: 8 },
    seen: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  },
  {
    model: 'claude-sonnet-4-6',
    row: {
      provider: 'anthropic',
      upstreamDialect: 'anthropic-messages',
      costNanoUsd: costs['claude-sonnet-4-6'],
      costSource: 'price-book',
    },
    usage: { inputUncached: 50, inputCacheRead: 30, inputCacheWrite5m: 20, inputCacheWrite1h: 0, outputText: 24 },
    seen: { prompt_tokens: 100, completion_tokens: 24, total_tokens: 124 },
  },
  {
    model: 'gemini-2.5-flash',
    row: { provider: 'gemini', upstreamDialect: 'gemini-generate', costNanoUsd: costs['gemini-2.5-flash'], costSource: 'price-book' },
    usage: { inputUncached: 20, inputCacheRead: 100, outputText: 14, outputReasoning: 6 },
    seen: { prompt_tokens: 120, completion_tokens: 20, total_tokens: 140 },
  },
  {
    model: 'grok-4-0709',
    row: { provider: 'xai', upstreamDialect: 'openai-chat', costNanoUsd: costs['grok-4-0709'], costSource: 'provider' },
    usage: { inputUncached: 100, inputCacheRead: 1, outputText: 15, outputReasoning: 28 },
    seen: { prompt_tokens: 101, completion_tokens: 15, total_tokens: 144 },
  },
  {
    model: 'llama3.2',
    row: { provider: 'local', upstreamDialect: 'openai-chat', costNanoUsd: null, costSource: 'unknown' },
    usage: { inputUncached: 60, inputCacheRead: 40, outputText: 12, outputReasoning: 8 },
    seen: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  },
] as const;

const messages = [{ role: 'user' as const, content: 'Hello [think] 北京😀' }];

describe.each(targets)('openai SDK → $model', ({ model, row, usage, seen }) => {
  const shared = { ...row, status: 'ok', httpStatus: 200, callerDialect: 'openai-chat', requestedModel: model, client: 'OpenAI/JS', usage };
  const native = row.upstreamDialect === 'openai-chat';

  it('answers whole', async () => {
    const { data, response } = await openai.chat.completions.create({ model, messages }).withResponse();
    expect(data.choices[0]?.message).toMatchObject({ role: 'assistant', content: answerText, reasoning_content: thinkingText });
    expect(data).toMatchObject({ model, object: 'chat.completion', usage: seen, choices: [{ finish_reason: 'stop' }] });
    const call = await tollgate.readCall(response);
    expect(call).toMatchObject({ ...shared, stream: false, conversion: native ? 'unchanged' : 'translated' });
    const cost = response.headers.get('x-tollgate-cost-usd');
    expect(cost === null ? null : Math.round(Number(cost) * 1e9)).toBe(row.costNanoUsd);
  });

  it('S1, S14: streams, and shows usage only when asked', async () => {
    const { data, response } = await openai.chat.completions.create({ model, messages, stream: true }).withResponse();
    let content = '';
    let finish: string | null = null;
    for await (const chunk of data) {
      expect(chunk.choices).toHaveLength(model === 'grok-4-0709' && chunk.usage ? 0 : 1);
      content += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    expect({ content, finish }).toEqual({ content: answerText, finish: 'stop' });
    const call = await tollgate.readCall(response);
    // Usage is asked for on our own account where the server must be asked.
    const conversion = model === 'grok-4-0709' ? 'unchanged' : native ? 'patched' : 'translated';
    expect(call).toMatchObject({ ...shared, stream: true, conversion });
  });

  it('S2: streams with usage in a chunk of its own at the end', async () => {
    const request = { model, messages, stream: true as const, stream_options: { include_usage: true } };
    const { data, response } = await openai.chat.completions.create(request).withResponse();
    const chunks = await Array.fromAsync(data);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(answerText);
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: seen });
    expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(1);
    const { status, conversion } = await tollgate.readCall(response);
    expect({ status, conversion }).toEqual({ status: 'ok', conversion: native ? 'unchanged' : 'translated' });
  });

  it('X1, X4: calls two tools in parallel, whole and streamed alike', async () => {
    const request = { model, messages: [{ role: 'user' as const, content: 'Use them [tools]' }], tools: [tool('weather'), tool('news')] };
    const whole = await openai.chat.completions.create(request);
    const streamed = await openai.chat.completions.stream(request).finalChatCompletion();
    for (const completion of [whole, streamed]) {
      expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
      expect(readCalls(completion)).toEqual([
        { name: 'weather', city: '北京😀' },
        { name: 'news', city: 'Oslo' },
      ]);
    }
  });

  it('X14: takes the results of both tools', async () => {
    const tools = [tool('weather'), tool('news')];
    const first = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: '[tools]' }], tools });
    const answer = first.choices[0]!.message;
    const results = answer.tool_calls!.map(({ id }, index) => ({ role: 'tool' as const, tool_call_id: id, content: `result ${index}` }));
    const second = await openai.chat.completions.create({
      model,
      tools,
      messages: [{ role: 'user', content: '[tools]' }, answer, ...results],
    });
    expect(second.choices[0]?.message.content).toBe(answerText);
  });

  it('gives structured output', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, temperature: { type: 'number', minimum: -90 } },
      required: ['city', 'temperature'],
      additionalProperties: false,
    };
    const completion = await openai.chat.completions.parse({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema } },
    });
    expect(completion.choices[0]?.message.parsed).toEqual(answerObject);
  });
});

describe('a thinking tool loop over the SDK, by a client that drops unknown fields', () => {
  interface Turn {
    id: string;
    function: { name: string; arguments: string };
  }
  /** The provider takes a second turn only with its own reasoning in it, as the vendor does. */
  const strict = (isWhole: (body: string) => boolean): Answer => {
    return (request) => {
      const body = request.body.toString();
      if (!body.includes('result 0') || isWhole(body)) return answerByDefault(request);
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 400, message: 'reasoning is missing', status: 'INVALID_ARGUMENT' } },
      };
    };
  };

  it.each([
    [
      'fixture 12, X8: the second turn is taken by Gemini',
      'gemini-3-flash-preview',
      (body: string) => body.includes(`"thoughtSignature":"${signatures.gemini}"`),
    ],
    [
      'fixture 13, X5: the second turn is taken by Claude',
      'claude-sonnet-4-6',
      (body: string) => body.includes(`"signature":"${signatures.anthropic}"`),
    ],
  ])('%s, whole and streamed', async (_name, thinker, isWhole) => {
    tollgate.upstream.answerAll(strict(isWhole));
    const request = { model: thinker, tools: [tool('weather'), tool('news')], reasoning_effort: 'high' as const };
    const question = { role: 'user' as const, content: '[think] [tools]' };
    const first = [
      await openai.chat.completions.create({ ...request, messages: [question] }),
      await openai.chat.completions.stream({ ...request, messages: [question] }).finalChatCompletion(),
    ];
    for (const completion of first) {
      const { content, tool_calls = [] } = completion.choices[0]!.message;
      const calls = (tool_calls as Turn[]).map(({ id, function: { name, arguments: text } }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: text },
      }));
      const results = calls.map(({ id }, index) => ({ role: 'tool' as const, tool_call_id: id, content: `result ${index}` }));
      const { data, response } = await openai.chat.completions
        .create({ ...request, messages: [question, { role: 'assistant', content, tool_calls: calls }, ...results] })
        .withResponse();
      expect(response.status).toBe(200);
      expect(data.choices[0]?.message.content).toBe(answerText);
    }
  });

  it('negative control: such a provider refuses a second turn without it', async () => {
    tollgate.upstream.answerAll(strict(() => false));
    const calls = [{ id: 'call_x', type: 'function' as const, function: { name: 'weather', arguments: '{}' } }];
    const messages = [
      { role: 'user' as const, content: '[think]' },
      { role: 'assistant' as const, content: null, tool_calls: calls },
      { role: 'tool' as const, tool_call_id: 'call_x', content: 'result 0' },
    ];
    await expect(openai.chat.completions.create({ model: 'claude-sonnet-4-6', messages })).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});

describe('openai SDK → demo models', () => {
  it('demo/echo answers, whole and streamed', async () => {
    const { data, response } = await openai.chat.completions
      .create({ model: 'demo/echo', messages: [{ role: 'user', content: 'hi 😀' }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('You said: hi 😀');
    expect(await tollgate.readCall(response)).toMatchObject({ provider: 'demo', model: 'echo', costSource: 'demo', status: 'ok' });
    const stream = openai.chat.completions.stream({ model: 'demo/echo', messages: [{ role: 'user', content: 'hi 😀' }] });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('You said: hi 😀');
    expect(tollgate.upstream.requests).toHaveLength(0);
  });

  it('demo/thinking thinks first', async () => {
    const completion = await openai.chat.completions.create({ model: 'demo/thinking', messages: [{ role: 'user', content: 'x' }] });
    expect(completion.choices[0]?.message).toMatchObject({
      content: 'Having thought about it: x',
      reasoning_content: expect.stringContaining('demo'),
    });
  });

  it('demo/tools calls a tool and reads its result', async () => {
    const tools = [tool('weather')];
    const stream = openai.chat.completions.stream({ model: 'demo/tools', messages: [{ role: 'user', content: 'x' }], tools });
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0]!;
    expect({
      finish_reason,
      calls: message.tool_calls?.map(({ type, ...call }) => (type === 'function' ? (call as { function: object }).function : null)),
    }).toMatchObject({
      finish_reason: 'tool_calls',
      calls: [{ name: 'weather', arguments: '{"city":"demo"}' }],
    });
    const result = { role: 'tool' as const, tool_call_id: message.tool_calls![0]!.id, content: 'sunny' };
    const second = await openai.chat.completions.create({
      model: 'demo/tools',
      messages: [{ role: 'user', content: 'x' }, message, result],
      tools,
    });
    expect(second.choices[0]?.message.content).toBe('The tool answered: sunny');
  });
});

function tool(name: string): ChatCompletionTool {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
  return { type: 'function', function: { name, description: `Tells the ${name}`, parameters } };
}

function readCalls(completion: ChatCompletion): { name: string; city: string }[] {
  return completion.choices[0]!.message.tool_calls!.map((call) => {
    if (call.type !== 'function') throw new Error(call.type);
    return { name: call.function.name, ...(JSON.parse(call.function.arguments) as { city: string }) };
  });
}
