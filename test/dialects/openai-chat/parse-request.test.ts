import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';
import type { ChatRequest } from '../../../src-main/domain/conversation.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';

const caller = openaiChat.caller!;
const hi = [{ role: 'user', content: 'hi' }];
const parse = (more: object): ChatRequest => caller.parseRequest({ model: 'gpt-x', messages: hi, ...more });
const messagesOf = (...messages: unknown[]) => parse({ messages }).messages;

describe('parseRequest', () => {
  it('reads every setting', () => {
    const schema = { type: 'object', properties: {} };
    const request = parse({
      max_completion_tokens: 100,
      max_tokens: 5,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      frequency_penalty: -1,
      presence_penalty: 1,
      seed: 7,
      logprobs: true,
      top_logprobs: 3,
      stop: 'END',
      n: 2,
      response_format: { type: 'json_schema', json_schema: { name: 's', schema, strict: true } },
      reasoning_effort: 'xhigh',
      service_tier: 'flex',
      user: 'old',
      safety_identifier: 'new',
      web_search_options: {},
      parallel_tool_calls: false,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(request).toEqual({
      model: 'gpt-x',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      tools: [],
      toolChoice: null,
      parallelToolCalls: false,
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      frequencyPenalty: -1,
      presencePenalty: 1,
      seed: 7,
      logprobs: true,
      topLogprobs: 3,
      stop: ['END'],
      choiceCount: 2,
      responseFormat: { type: 'json-schema', name: 's', description: null, schema, strict: true },
      reasoning: { effort: 'xhigh', budgetTokens: null },
      serviceTier: 'flex',
      userId: 'new',
      webSearch: true,
      stream: true,
      includeUsage: true,
      unmapped: [],
    });
  });

  it('takes null for not said', () => {
    const request = parse({
      max_tokens: null,
      stop: null,
      tools: null,
      tool_choice: null,
      stream: null,
      stream_options: null,
      response_format: null,
      n: null,
    });
    expect(request).toEqual(parse({}));
    expect(request).toMatchObject({ stream: false, includeUsage: false, temperature: null, reasoning: null, responseFormat: null });
  });

  it('T14: reads either name of the output limit', () => {
    expect(parse({ max_tokens: 9 }).maxOutputTokens).toBe(9);
    expect(parse({ max_completion_tokens: 8 }).maxOutputTokens).toBe(8);
  });

  it('reads the reasoning object of other clients', () => {
    expect(parse({ reasoning: { max_tokens: 2000 } }).reasoning).toEqual({ effort: null, budgetTokens: 2000 });
    expect(parse({ reasoning: { effort: 'low' } }).reasoning).toEqual({ effort: 'low', budgetTokens: null });
    expect(parse({ reasoning: { enabled: false } }).reasoning).toEqual({ effort: 'none', budgetTokens: null });
  });

  it('notes every field without a word here, with the reason', () => {
    const { unmapped } = parse({
      logit_bias: { '50256': -100 },
      prediction: { type: 'content', content: 'x' },
      store: true,
      metadata: { a: 'b' },
      verbosity: 'low',
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'wav' },
      prompt_cache_key: 'k',
      some_future_field: 1,
      web_search_options: { search_context_size: 'high' },
      stream_options: { include_obfuscation: true },
      messages: [
        { role: 'user', name: 'ann', content: 'x' },
        { role: 'assistant', content: 'y', audio: { id: 'a' } },
      ],
    });
    const paths =
      'messages[0].name messages[1].audio logit_bias prediction store metadata verbosity modalities audio prompt_cache_key some_future_field';
    expect(unmapped.map(({ path }) => path)).toEqual([
      ...paths.split(' '),
      'web_search_options.search_context_size',
      'stream_options.include_obfuscation',
    ]);
    expect(unmapped.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it('notes nothing for fields that ask for nothing', () => {
    const more = {
      logit_bias: {},
      store: false,
      metadata: {},
      modalities: ['text'],
      audio: null,
      stream_options: { include_obfuscation: false },
    };
    expect(parse(more).unmapped).toEqual([]);
    expect(parse({ messages: [{ role: 'assistant', content: 'a', annotations: [], audio: null, refusal: null }] }).unmapped).toEqual([]);
  });
});

describe('messages', () => {
  it('T9 T12: keeps every system and developer message in its place', () => {
    const parts = [
      { type: 'text', text: 'c' },
      { type: 'text', text: 'd' },
    ];
    expect(messagesOf({ role: 'system', content: 'a' }, ...hi, { role: 'developer', content: parts })).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'a' }] },
      { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      { role: 'system', parts },
    ]);
  });

  it('T13: takes a history of any length', () => {
    expect(messagesOf(...Array.from({ length: 5001 }, () => hi[0])).length).toBe(5001);
  });

  it('X21: reads text, images, audio and files', () => {
    const [message] = messagesOf({
      role: 'user',
      content: [
        { type: 'text', text: 'see' },
        { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/PNG;base64,AAAA' } },
        { type: 'image_url', image_url: 'https://a.example/c.png' },
        { type: 'image_url', image_url: { url: 'data:application/pdf;base64,JVBE' } },
        { type: 'input_audio', input_audio: { data: 'UklG', format: 'mp3' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
        { type: 'file', file: { file_data: 'JVBE' } },
        { type: 'file', file: { file_id: 'file-1' } },
      ],
    });
    const pdf = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' };
    expect(message).toEqual({
      role: 'user',
      parts: [
        { type: 'text', text: 'see' },
        { type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' }, detail: 'low' },
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { kind: 'url', url: 'https://a.example/c.png' } },
        { type: 'document', source: pdf },
        { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'UklG' } },
        { type: 'document', source: pdf, fileName: 'a.pdf' },
        { type: 'document', source: pdf },
        { type: 'document', source: { kind: 'file', fileId: 'file-1' } },
      ],
    });
  });

  it('X16: leaves empty text out beside tool calls, and takes odd arguments', () => {
    const [message] = messagesOf({
      role: 'assistant',
      content: '',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":' } },
        { id: 'b', function: { name: 'g', arguments: { y: 1 } } },
        { id: 'c', type: 'function', function: { name: 'h' } },
        { id: 'd', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
      ],
    });
    expect(message).toEqual({
      role: 'assistant',
      parts: [
        { type: 'tool-call', id: 'a', name: 'f', argumentsText: '{"x":' },
        { type: 'tool-call', id: 'b', name: 'g', argumentsText: '{"y":1}' },
        { type: 'tool-call', id: 'c', name: 'h', argumentsText: '' },
        { type: 'tool-call', id: 'd', name: 'patch', argumentsText: '*** Begin', custom: true },
      ],
    });
  });

  it('X14: makes one message of consecutive tool results', () => {
    const results = messagesOf(
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', name: 'g', content: [{ type: 'text', text: 'two' }] },
      ...hi,
      { role: 'tool', tool_call_id: 'c', content: '' },
    );
    expect(results).toEqual([
      {
        role: 'tool',
        results: [
          { callId: 'a', parts: [{ type: 'text', text: 'one' }] },
          { callId: 'b', name: 'g', parts: [{ type: 'text', text: 'two' }] },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      { role: 'tool', results: [{ callId: 'c', parts: [{ type: 'text', text: '' }] }] },
    ]);
  });

  it('reads deprecated functions: definition, choice, call and answer find each other', () => {
    const request = parse({
      functions: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        ...hi,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'r' },
      ],
    });
    expect(request.tools).toEqual([{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: null }]);
    expect(request.toolChoice).toEqual({ type: 'tool', name: 'f' });
    const [, call, answer] = request.messages;
    expect(call).toMatchObject({ parts: [{ type: 'tool-call', name: 'f', id: 'function_call_1' }] });
    expect(answer).toMatchObject({ results: [{ callId: 'function_call_1', name: 'f' }] });
  });

  it('X8: reads the thought signature of a call and of a text', () => {
    const extra_content = { google: { thought_signature: 'c2ln' } };
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content }];
    expect(messagesOf({ role: 'assistant', content: 'x', tool_calls, extra_content })).toMatchObject([
      {
        parts: [
          { type: 'text', signature: 'c2ln' },
          { type: 'tool-call', signature: 'c2ln', signatureOrigin: { dialect: 'gemini-generate', model: '' } },
        ],
      },
    ]);
  });

  it('X5 X7: reads opaque reasoning back, in order, before text and calls, with who signed it', () => {
    const [message] = messagesOf({
      role: 'assistant',
      content: 'answer',
      reasoning_content: 'visible',
      reasoning_details: [
        { type: 'reasoning.text', text: 'visible', signature: 'sig', format: 'anthropic-messages', model: 'claude-x', index: 0 },
        { type: 'reasoning.encrypted', data: 'opaque', format: 'anthropic-messages', model: 'claude-x', index: 1 },
        { type: 'reasoning.summary', summary: 'foreign', format: 'google-gemini-v1' },
        { type: 'reasoning.unknown' },
        { type: 'reasoning.text', text: 'of nobody', signature: 'useless' },
        { type: 'reasoning.encrypted', data: 'useless' },
      ],
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    });
    const origin = { dialect: 'anthropic-messages', model: 'claude-x' };
    expect(message).toEqual({
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'visible', signature: 'sig', origin },
        { type: 'reasoning', text: '', redactedData: 'opaque', origin },
        { type: 'reasoning', text: 'foreign', origin: { dialect: 'google-gemini-v1', model: '' } },
        { type: 'reasoning', text: 'of nobody' },
        { type: 'text', text: 'answer' },
        { type: 'tool-call', id: 'a', name: 'f', argumentsText: '{}' },
      ],
    });
  });

  it.each(['reasoning', 'reasoning_content'])('reads unsigned %s', (field) => {
    expect(messagesOf({ role: 'assistant', content: 'x', [field]: 'hm' })).toMatchObject([
      { parts: [{ type: 'reasoning', text: 'hm' }, {}] },
    ]);
  });

  it('reads refusals, Mistral thinking and images of an assistant', () => {
    const [message] = messagesOf({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'no' },
      ],
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }],
      refusal: 'never',
    });
    expect(message).toMatchObject({
      parts: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text' },
        { type: 'refusal', text: 'no' },
        { type: 'image' },
        { type: 'refusal', text: 'never' },
      ],
    });
  });

  it('X22: reads cache marks of both vendors on parts, messages, calls, results and tools', () => {
    const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    const five = { cache_control: { type: 'ephemeral' } };
    const text = { type: 'text', text: 'a' };
    const request = parse({
      messages: [
        {
          role: 'system',
          content: [
            { ...text, ...hour },
            { ...text, prompt_cache_breakpoint: { mode: 'explicit' } },
          ],
        },
        { role: 'user', content: 'a', ...five },
        { role: 'assistant', content: 'a', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '' }, ...five }] },
        { role: 'tool', tool_call_id: 'c', content: 'r', ...five },
        { role: 'user', content: [{ ...text, prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }] },
      ],
      tools: [{ type: 'function', function: { name: 'f' }, ...hour }],
    });
    expect(request.messages).toMatchObject([
      { parts: [{ cacheTtl: '1h' }, { cacheTtl: '5m' }] },
      { parts: [{ cacheTtl: '5m' }] },
      { parts: [{ type: 'text' }, { cacheTtl: '5m' }] },
      { results: [{ cacheTtl: '5m' }] },
      { parts: [{ cacheTtl: '1h' }] },
    ]);
    expect(request.tools).toMatchObject([{ cacheTtl: '1h' }]);
    expect(request.unmapped).toEqual([]);
  });
});

describe('tools', () => {
  it('reads functions, custom tools and a hosted web search', () => {
    const grammar = { definition: 'start: "a"', syntax: 'lark' };
    const request = parse({
      tools: [
        { type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } },
        { type: 'custom', custom: { name: 'patch', description: 'd', format: { type: 'grammar', grammar } } },
        { type: 'custom', custom: { name: 'free' } },
        { type: 'web_search' },
      ],
    });
    expect(request.tools).toEqual([
      { name: 'f', description: null, parameters: { type: 'object' }, strict: true },
      { name: 'patch', description: 'd', parameters: null, strict: null, custom: { format: { type: 'grammar', ...grammar } } },
      { name: 'free', description: null, parameters: null, strict: null, custom: { format: null } },
    ]);
    expect(request.webSearch).toBe(true);
  });

  it.each([
    ['none', { type: 'none' }],
    ['auto', { type: 'auto' }],
    ['required', { type: 'required' }],
    ['any', { type: 'required' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { type: 'tool', name: 'c' },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: [
            { type: 'function', function: { name: 'f' } },
            { type: 'function', name: 'g' },
          ],
        },
      },
      { type: 'allowed', mode: 'required', names: ['f', 'g'] },
    ],
  ])('T10: reads the choice %j', (tool_choice, expected) => {
    expect(parse({ tool_choice }).toolChoice).toEqual(expected);
  });
});

describe('bad requests', () => {
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
  it.each<[object, string]>([
    [{ model: undefined }, 'model'],
    [{ model: '' }, 'model'],
    [{ model: 7 }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: 'hi' }, 'messages'],
    [{ messages: [...hi, 'hi'] }, 'messages[1]'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
    [{ messages: [{ content: 'x' }] }, 'messages[0].role'],
    [user(null), 'messages[0].content'],
    [user(5), 'messages[0].content'],
    [user([5]), 'messages[0].content[0]'],
    [user([{ type: 'video_url', video_url: { url: 'x' } }]), 'messages[0].content[0].type'],
    [user([{ text: 'x' }]), 'messages[0].content[0].type'],
    [user([{ type: 'text' }]), 'messages[0].content[0].text'],
    [user([{ type: 'image_url' }]), 'messages[0].content[0].image_url'],
    [user([{ type: 'image_url', image_url: { url: 'nonsense' } }]), 'messages[0].content[0].image_url.url'],
    [user([{ type: 'image_url', image_url: { url: 'data:image/png,raw' } }]), 'messages[0].content[0].image_url.url'],
    [user([{ type: 'image_url', image_url: { url: 'https://a.example', detail: 'huge' } }]), 'messages[0].content[0].image_url.detail'],
    [user([{ type: 'input_audio', input_audio: { format: 'wav' } }]), 'messages[0].content[0].input_audio.data'],
    [user([{ type: 'file', file: {} }]), 'messages[0].content[0].file'],
    [
      { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://a.example' } }] }] },
      'messages[0].content[0].type',
    ],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [{ messages: [{ role: 'assistant', tool_calls: {} }] }, 'messages[0].tool_calls'],
    [{ messages: [{ role: 'assistant', tool_calls: [{ type: 'function', function: { name: 'f' } }] }] }, 'messages[0].tool_calls[0].id'],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: {} }] }] },
      'messages[0].tool_calls[0].function.name',
    ],
    [{ messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'magic' }] }] }, 'messages[0].tool_calls[0].type'],
    [{ messages: [{ role: 'assistant', content: [{ type: 'tool_use' }] }] }, 'messages[0].content[0].type'],
    [{ n: 0 }, 'n'],
    [{ n: 129 }, 'n'],
    [{ n: 1.5 }, 'n'],
    [{ temperature: '1' }, 'temperature'],
    [{ temperature: 2.5 }, 'temperature'],
    [{ top_logprobs: 21 }, 'top_logprobs'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ stop: [1] }, 'stop'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream_options: [] }, 'stream_options'],
    [{ response_format: 'json' }, 'response_format'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'response_format.json_schema.name'],
    [{ reasoning_effort: 'extreme' }, 'reasoning_effort'],
    [{ tools: {} }, 'tools'],
    [{ tools: [{ type: 'magic' }] }, 'tools[0].type'],
    [{ tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] }, 'tools[0].function.parameters'],
    [{ tool_choice: 'maybe' }, 'tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.function'],
    [{ tool_choice: { type: 'mcp' } }, 'tool_choice.type'],
    [{ tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'x', tools: [] } } }, 'tool_choice.allowed_tools.mode'],
  ])('%j is refused at %s', (more, param) => {
    expect.assertions(3);
    try {
      parse(more);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ code: 'invalid_request', status: 400, param });
      expect((error as GatewayError).message).toContain(param);
    }
  });

  it.each([null, [], 'text', 7])('%j is no request', (body) => {
    expect(() => caller.parseRequest(body)).toThrow(GatewayError);
  });

  it('refuses junk with invalid_request and nothing worse', () => {
    const names = Object.keys(parse({})).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    const keys = [
      ...names,
      'role',
      'content',
      'type',
      'text',
      'function',
      'name',
      'tool_calls',
      'tool_call_id',
      'reasoning_details',
      'cache_control',
    ];
    const junk = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, '', 'user', 'tool', 'assistant', 'text', 0, -1, true),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom(...keys, '__proto__'), tie('value'), { maxKeys: 6 }),
    })).value;
    const attempt = (run: () => void) => {
      try {
        run();
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_request' });
      }
    };
    fc.assert(
      fc.property(junk, (value) => {
        attempt(() => caller.parseRequest(value));
        attempt(() => parse({ messages: [value] }));
        attempt(() => parse({ messages: [{ role: 'user', content: [value] }] }));
        attempt(() => parse({ messages: [{ role: 'assistant', content: 'x', tool_calls: [value], reasoning_details: [value] }] }));
        attempt(() => parse({ tools: [value], tool_choice: value, response_format: value }));
      }),
      { numRuns: 500 },
    );
  });
});
