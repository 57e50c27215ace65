import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let tollgate: TestGateway;
beforeAll(async () => {
  tollgate = await openTestGateway();
});
afterAll(() => tollgate.close());
beforeEach(() => tollgate.upstream.reset());

const claude = 'claude-sonnet-4-6';
const gemini = 'gemini-3-flash-preview';

type Json = Record<string, unknown>;
interface AnthropicBody extends Json {
  system?: { text: string }[];
  messages: { role: string; content: Json[] }[];
  tools?: Json[];
}
interface GeminiBody extends Json {
  contents: { role: string; parts: Json[] }[];
  systemInstruction?: { parts: { text: string }[] };
  generationConfig?: Json;
}

/** What goes upstream for a Chat Completions request, and the losses its row names. */
async function translate<T extends Json>(
  model: string,
  fields: object,
): Promise<{ body: T; losses: string[]; status: number; text: string }> {
  const reply = await tollgate.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }], ...fields });
  const { losses } = await tollgate.readCall(reply);
  const sent = tollgate.upstream.requests.at(-1);
  return { body: (sent?.json() ?? {}) as T, losses: losses.map(({ path }) => path), status: reply.status, text: reply.text };
}

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4 北京').toString('base64');

describe('system messages', () => {
  const messages = [
    { role: 'system', content: 'one' },
    { role: 'developer', content: [{ type: 'text', text: 'two' }] },
    { role: 'user', content: 'x' },
  ];

  it('T9, T12: all of them reach Claude, strings and parts, system and developer', async () => {
    const { body } = await translate<AnthropicBody>(claude, { messages });
    expect(body.system?.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(body.messages.map(({ role }) => role)).toEqual(['user']);
  });

  it('T9, T12: all of them reach Gemini', async () => {
    const { body } = await translate<GeminiBody>(gemini, { messages });
    expect(body.systemInstruction?.parts.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

it('T13: a history of 501 messages is not too long', async () => {
  const messages = Array.from({ length: 501 }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `m${index}` }));
  expect((await translate<AnthropicBody>(claude, { messages })).body.messages).toHaveLength(501);
  expect((await translate<GeminiBody>(gemini, { messages })).body.contents).toHaveLength(501);
});

describe('limits and sampling', () => {
  it('T14: max_completion_tokens and max_tokens are the limit at both', async () => {
    for (const field of ['max_completion_tokens', 'max_tokens']) {
      expect((await translate(claude, { [field]: 1234 })).body).toMatchObject({ max_tokens: 1234 });
      expect((await translate(gemini, { [field]: 1234 })).body).toMatchObject({ generationConfig: { maxOutputTokens: 1234 } });
    }
  });

  it('T14: without one Claude gets a limit that does not cut an answer short', async () => {
    expect((await translate(claude, { stream: true })).body['max_tokens']).toBeGreaterThanOrEqual(32_000);
    // Anthropic refuses whole answers that could take longer than ten minutes.
    expect((await translate(claude, {})).body['max_tokens']).toBeGreaterThanOrEqual(16_000);
  });

  it('X18: reasoning_effort turns into each provider’s own switch', async () => {
    expect((await translate(claude, { reasoning_effort: 'high' })).body).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
    expect((await translate('claude-sonnet-4-5', { reasoning_effort: 'medium' })).body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 8192 },
    });
    expect((await translate('claude-sonnet-4-5', { reasoning_effort: 'medium', temperature: 0.5 })).losses).toContain('temperature');
    expect((await translate(gemini, { reasoning_effort: 'low' })).body).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
    });
    expect((await translate('gemini-2.5-flash', { reasoning_effort: 'none' })).body).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
    });
  });

  it('what a provider cannot say is named in the row, never dropped in silence', async () => {
    const fields = { logit_bias: { 1: 2 }, seed: 7, frequency_penalty: 1, store: true, x_unheard_of: 1 };
    const { losses, status } = await translate(claude, fields);
    expect(status).toBe(200);
    const names = losses.map((path) => path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    expect(names).toEqual(expect.arrayContaining(Object.keys(fields)));
  });

  it('a strict caller gets 422 instead', async () => {
    const body = { model: claude, messages: [{ role: 'user', content: 'x' }], logit_bias: { 1: 2 } };
    const reply = await tollgate.post('/v1/chat/completions', body, { 'x-tollgate-strict': 'true' });
    expect(reply.status).toBe(422);
    expect(reply.json()).toMatchObject({ error: { param: 'logit_bias' } });
    expect(tollgate.upstream.requests).toHaveLength(0);
    expect(await tollgate.readCall(reply)).toMatchObject({ status: 'error', errorCode: 'unsupported_feature' });
  });
});

describe('tools', () => {
  const define = (name: string, parameters: unknown) => ({
    type: 'function',
    function: { name, description: 'd', ...(parameters === undefined ? {} : { parameters }) },
  });

  it('T10: tool_choice "none" lets neither call one', async () => {
    const fields = { tools: [define('f', { type: 'object', properties: {} })], tool_choice: 'none' };
    const { body } = await translate<AnthropicBody>(claude, fields);
    expect(body.tools === undefined || JSON.stringify(body['tool_choice']) === '{"type":"none"}').toBe(true);
    expect((await translate(gemini, fields)).body).toMatchObject({ toolConfig: { functionCallingConfig: { mode: 'NONE' } } });
  });

  it('a named tool is forced at both', async () => {
    const fields = { tools: [define('f', { type: 'object', properties: {} })], tool_choice: { type: 'function', function: { name: 'f' } } };
    expect((await translate(claude, fields)).body).toMatchObject({ tool_choice: { type: 'tool', name: 'f' } });
    expect((await translate(gemini, fields)).body).toMatchObject({
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    });
  });

  it('T6, X10: a schema with everything in it arrives at Gemini without what it rejects', async () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      $defs: { place: { type: 'object', title: 'P', properties: { name: { type: 'string', default: 'x', examples: ['y'] } } } },
      properties: {
        where: { $ref: '#/$defs/place' },
        many: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/place' }, { type: 'null' }] } },
      },
      propertyNames: { pattern: '^[a-z]+$' },
      required: ['where'],
    };
    const { body, status } = await translate(gemini, { tools: [define('f', parameters), define('g', undefined), define('h', {})] });
    expect(status).toBe(200);
    const text = JSON.stringify(body['tools']);
    for (const word of ['$schema', 'propertyNames', '"examples"', '"default"']) expect(text).not.toContain(word);
    expect(text).toContain('"name":{"type":"string"');
  });

  it('a tool without parameters has an empty object for Claude', async () => {
    const { body } = await translate<AnthropicBody>(claude, { tools: [define('f', undefined)] });
    expect(body.tools?.[0]?.['input_schema']).toMatchObject({ type: 'object' });
  });

  it.each([claude, gemini])('X11: a name no provider takes is changed towards %s and back', async (model) => {
    const names = ['my tool/1', `${'long'.repeat(40)}`];
    for (const stream of [false, true]) {
      const reply = await tollgate.post('/v1/chat/completions', {
        model,
        stream,
        messages: [{ role: 'user', content: '[tools]' }],
        tools: names.map((name) => define(name, { type: 'object', properties: { city: { type: 'string' } } })),
      });
      for (const name of names) expect(reply.text).toContain(JSON.stringify(name));
      expect(tollgate.upstream.last().body.toString()).not.toContain('my tool/1');
    }
  });

  it('X12: tools and structured output together', async () => {
    const fields = {
      tools: [define('f', { type: 'object', properties: {} })],
      response_format: { type: 'json_schema', json_schema: { name: 'j', schema: { type: 'object', properties: {} } } },
    };
    const old = await translate<GeminiBody>('gemini-2.5-flash', fields);
    expect(old.body.generationConfig?.['responseMimeType']).toBeUndefined();
    expect(old.losses).toContain('response_format');
    expect((await translate<GeminiBody>(gemini, fields)).body.generationConfig).toMatchObject({ responseMimeType: 'application/json' });
  });

  it('X17: structured output with thinking is native, not a forced tool', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', minLength: 1 } }, required: ['a'] };
    const { body } = await translate<AnthropicBody>(claude, {
      reasoning_effort: 'high',
      response_format: { type: 'json_schema', json_schema: { name: 'j', schema } },
    });
    expect(body).toMatchObject({ output_config: { format: { type: 'json_schema', schema: { additionalProperties: false } } } });
    expect(body['tool_choice']).toBeUndefined();
  });
});

describe('media', () => {
  it('T11, X20: an image by URL stays a URL, in the shape each API wants', async () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }];
    const { body } = await translate<AnthropicBody>(claude, user(content));
    expect(body.messages[0]?.content).toEqual([{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }]);
    const toGemini = await translate<GeminiBody>(gemini, user(content));
    expect(toGemini.body.contents[0]?.parts).toMatchObject([{ fileData: { fileUri: 'https://example.com/a.png' } }]);
  });

  it('an inline image keeps its bytes', async () => {
    const content = [
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
    ];
    const { body } = await translate<AnthropicBody>(claude, user(content));
    expect(body.messages[0]?.content[1]).toEqual({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } });
    const toGemini = await translate<GeminiBody>(gemini, user(content));
    expect(toGemini.body.contents[0]?.parts[1]).toMatchObject({ inlineData: { mimeType: 'image/png', data: image } });
  });

  it('X21: a PDF becomes a document', async () => {
    const content = [{ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } }];
    const { body } = await translate<AnthropicBody>(claude, user(content));
    expect(body.messages[0]?.content[0]).toMatchObject({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: pdf },
    });
    const toGemini = await translate<GeminiBody>(gemini, user(content));
    expect(toGemini.body.contents[0]?.parts[0]).toMatchObject({ inlineData: { mimeType: 'application/pdf', data: pdf } });
  });

  it.each([claude, gemini])('X21: a part nobody knows is an error at %s, never dropped', async (model) => {
    const { status, text } = await translate(model, user([{ type: 'hologram', hologram: {} }]));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { param: expect.stringContaining('messages[0].content[0]') } });
    expect(tollgate.upstream.requests).toHaveLength(0);
  });
});

describe('prompt-cache marks', () => {
  const cache_control = { type: 'ephemeral', ttl: '1h' };
  const messages = [
    { role: 'system', content: [{ type: 'text', text: 's', cache_control }] },
    { role: 'user', content: [{ type: 'text', text: 'u', cache_control: { type: 'ephemeral' } }] },
    { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'r', cache_control: { type: 'ephemeral' } }] },
  ];
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } }, cache_control }];

  it('X22: reach Claude on system, tools, messages and results', async () => {
    const { body } = await translate<AnthropicBody>(claude, { messages, tools });
    expect(body.system?.[0]).toMatchObject({ cache_control });
    expect(body.tools?.[0]).toMatchObject({ cache_control });
    expect(body.messages[0]?.content[0]).toMatchObject({ cache_control: { type: 'ephemeral' } });
    expect(JSON.stringify(body.messages[2])).toContain('"cache_control":{"type":"ephemeral"}');
  });

  it('X23: do not reach a provider that rejects them', async () => {
    const { body, status } = await translate<GeminiBody>(gemini, { messages, tools });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/cache_control|ttl/);
  });
});
