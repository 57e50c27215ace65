import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';
import { createResponseCollector } from '../../../src-main/domain/collect-response.ts';
import type { ChatRequest, Message } from '../../../src-main/domain/conversation.ts';

const upstream = openaiChat.upstream!;
const text = (value: string) => ({ type: 'text' as const, text: value });
const hi: Message = { role: 'user', parts: [text('hi')] };

function request(more: Partial<ChatRequest> = {}): ChatRequest {
  const plain = openaiChat.caller!.parseRequest({ model: 'x', messages: [{ role: 'user', content: 'hi' }] });
  return { ...plain, ...more };
}

const render = (more: Partial<ChatRequest>, model = 'llama-3', maxOutputTokens: number | null = null) =>
  upstream.renderRequest(request(more), { model, maxOutputTokens });
const messagesOf = (...messages: Message[]) => render({ messages }).body.messages;
const lossPaths = (more: Partial<ChatRequest>, model?: string) => render(more, model).losses.map(({ path }) => path);

describe('renderRequest', () => {
  it('renders a plain chat for any server', () => {
    expect(render({ maxOutputTokens: 50, temperature: 0.5, topP: 0.9, seed: 1, stop: ['a'], choiceCount: 2, userId: 'u' })).toEqual({
      body: {
        model: 'llama-3',
        messages: [{ role: 'user', content: 'hi' }],
        max_tokens: 50,
        temperature: 0.5,
        top_p: 0.9,
        seed: 1,
        stop: ['a'],
        n: 2,
        user: 'u',
      },
      losses: [],
    });
  });

  it('always asks for usage in streams', () => {
    expect(render({ stream: true, includeUsage: false }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it.each(['gpt-5.1', 'o3-mini', 'openai/gpt-6-sol', 'codex-mini'])(
    'X19: renames the limit and drops sampling for %s, and says so',
    (model) => {
      const asked = { maxOutputTokens: 50, temperature: 0.5, topP: 1, logprobs: true, presencePenalty: 1, userId: 'u' };
      const { body, losses } = render(asked, model);
      expect(body).toEqual({ model, messages: expect.any(Array), max_completion_tokens: 50, safety_identifier: 'u' });
      expect(losses.map(({ path }) => path)).toEqual(['temperature', 'top_p', 'presence_penalty', 'logprobs']);
      expect(render({ ...asked, reasoning: { effort: 'none', budgetTokens: null } }, model).body).toMatchObject({
        temperature: 0.5,
        reasoning_effort: 'none',
      });
    },
  );

  it.each(['gpt-4o', 'gpt-4.1-mini', 'gpt-35-turbo', 'gpt-5-chat-latest', 'chatgpt-4o-latest'])('X18: asks no reasoning of %s', (model) => {
    const { body, losses } = render({ temperature: 1, reasoning: { effort: 'high', budgetTokens: null } }, model);
    expect(body).toMatchObject({ temperature: 1 });
    expect(body).not.toHaveProperty('reasoning_effort');
    expect(losses.map(({ path }) => path)).toEqual(['reasoning_effort']);
  });

  it.each<[number, string | undefined]>([
    [0, 'none'],
    [1024, 'low'],
    [4096, 'medium'],
    [32_000, 'high'],
    [-1, undefined],
  ])('turns a budget of %d tokens into effort %s', (budgetTokens, effort) => {
    expect(render({ reasoning: { effort: null, budgetTokens } }).body.reasoning_effort).toBe(effort);
  });

  it('lowers the output limit to what the model can, and says so', () => {
    const { body, losses } = render({ maxOutputTokens: 64_000 }, 'llama-3', 8192);
    expect(body.max_tokens).toBe(8192);
    expect(losses).toEqual([{ path: 'max_tokens', reason: expect.stringContaining('64000') }]);
    expect(render({ maxOutputTokens: 10 }, 'llama-3', 8192).losses).toEqual([]);
  });

  it('records what it cannot say', () => {
    expect(lossPaths({ topK: 3, webSearch: true, serviceTier: 'batch', stop: ['1', '2', '3', '4', '5'] })).toEqual([
      'stop',
      'top_k',
      'service_tier',
      'web_search',
    ]);
    expect(lossPaths({ stop: ['x'] }, 'o3')).toEqual(['stop']);
    expect(lossPaths({ unmapped: [{ path: 'container', reason: 'r' }] })).toEqual(['container']);
    expect(render({ stop: ['1', '2', '3', '4', '5'] }).body.stop).toHaveLength(4);
    expect(render({ serviceTier: 'standard_only' }).body.service_tier).toBe('default');
    expect(render({ webSearch: true }, 'gpt-4o-search-preview').body.web_search_options).toEqual({});
  });

  it('shortens a long user id to a hash, the same each time', () => {
    const long = render({ userId: 'x'.repeat(300) }).body.user;
    expect(String(long).length).toBeLessThanOrEqual(128);
    expect(render({ userId: 'x'.repeat(300) }).body.user).toBe(long);
    expect(render({ userId: 'x'.repeat(301) }).body.user).not.toBe(long);
  });

  it('renders response formats', () => {
    const schema = { type: 'object' };
    expect(render({ responseFormat: { type: 'json' } }).body.response_format).toEqual({ type: 'json_object' });
    expect(
      render({ responseFormat: { type: 'json-schema', name: 'n', description: null, schema, strict: null } }).body.response_format,
    ).toEqual({
      type: 'json_schema',
      json_schema: { name: 'n', schema },
    });
  });

  it('renders tools and choices', () => {
    const f = { name: 'f', description: 'd', parameters: null, strict: false };
    const patch = {
      name: 'patch',
      description: null,
      parameters: null,
      strict: null,
      custom: { format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    };
    const { body } = render({ tools: [f, patch], toolChoice: { type: 'tool', name: 'patch' }, parallelToolCalls: false }, 'gpt-5.6-sol');
    expect(body).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} }, strict: false } },
        { type: 'custom', custom: { name: 'patch', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } } },
      ],
      tool_choice: { type: 'custom', custom: { name: 'patch' } },
      parallel_tool_calls: false,
    });
    const allowed = render({ tools: [f, { ...f, name: 'g' }], toolChoice: { type: 'allowed', mode: 'required', names: ['g'] } }).body;
    expect(allowed).toMatchObject({ tools: [{ function: { name: 'g' } }], tool_choice: 'required' });
    expect(allowed.tools).toHaveLength(1);
    expect(render({ toolChoice: { type: 'auto' }, parallelToolCalls: true }).body).not.toHaveProperty('tool_choice');
  });
});

describe('tool names', () => {
  const plain = { description: null, parameters: null, strict: null };
  const patch = { ...plain, name: 'apply patch', custom: { format: { type: 'grammar', syntax: 'lark', definition: 'x' } } };
  const history: Message[] = [
    { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'apply patch', argumentsText: '*** "Begin"', custom: true }] },
    { role: 'tool', results: [{ callId: 'a', parts: [text('done')] }] },
  ];
  const tools = [{ ...plain, name: 'mcp.fs:read' }, { ...plain, name: 'mcp_fs_read' }, { ...plain, name: 'n'.repeat(80) }, patch];
  const names = ['mcp_fs_read_2', 'mcp_fs_read', 'n'.repeat(64), 'apply_patch'];

  it('X11: makes names legal and different, in tools, choice and history, and tells the parser', () => {
    const { body, toolNames } = render({ tools, toolChoice: { type: 'tool', name: 'mcp.fs:read' }, messages: [hi, ...history] });
    expect(body).toMatchObject({
      tools: names.map((name) => ({ type: 'function', function: { name } })),
      tool_choice: { type: 'function', function: { name: 'mcp_fs_read_2' } },
      messages: [{}, { tool_calls: [{ function: { name: 'apply_patch', arguments: '{"input":"*** \\"Begin\\""}' } }] }, {}],
    });
    expect([...toolNames!]).toEqual([
      ['mcp_fs_read_2', { name: 'mcp.fs:read', custom: false }],
      ['n'.repeat(64), { name: 'n'.repeat(80), custom: false }],
      ['apply_patch', { name: 'apply patch', custom: true }],
    ]);
    expect(JSON.stringify(body)).toContain('lark');
  });

  it("keeps free-text tools as they are for OpenAI's models", () => {
    const { body, toolNames } = render({ tools: [patch], messages: [hi, ...history] }, 'gpt-5.6-sol');
    expect(body).toMatchObject({
      tools: [{ type: 'custom' }],
      messages: [{}, { tool_calls: [{ type: 'custom', custom: { name: 'apply_patch', input: '*** "Begin"' } }] }, {}],
    });
    expect(toolNames?.get('apply_patch')).toEqual({ name: 'apply patch', custom: false });
  });

  it('says nothing to the parser when all went as it was', () => {
    expect(render({ tools: [{ ...plain, name: 'f' }] })).not.toHaveProperty('toolNames');
  });

  it('gives names and free text back, in whole answers and in streams', () => {
    const { toolNames } = render({ tools });
    const target = { model: 'llama-3', maxOutputTokens: null };
    const wireCalls = [
      { index: 0, id: 'call_aaaa', type: 'function', function: { name: 'apply_patch', arguments: '{"input":"a\\nb"}' } },
      { index: 1, id: 'call_bbbb', type: 'function', function: { name: 'mcp_fs_read_2', arguments: '{"p":1}' } },
    ];
    const calls = [
      { type: 'tool-call', id: 'call_aaaa', name: 'apply patch', argumentsText: 'a\nb', custom: true },
      { type: 'tool-call', id: 'call_bbbb', name: 'mcp.fs:read', argumentsText: '{"p":1}' },
    ];
    const whole = upstream.parseResponse({ id: 'x', choices: [{ message: { tool_calls: wireCalls } }] }, target, toolNames);
    expect(whole.choices[0]?.parts).toEqual(calls);

    const parse = upstream.createStreamParser(target, toolNames);
    const collector = createResponseCollector(0);
    const pieces = wireCalls.flatMap((call) => [
      { ...call, function: { name: call.function.name, arguments: call.function.arguments.slice(0, 5) } },
      { index: call.index, function: { arguments: call.function.arguments.slice(5) } },
    ]);
    for (const piece of pieces) {
      for (const event of parse({ event: null, data: JSON.stringify({ id: 'x', choices: [{ delta: { tool_calls: [piece] } }] }) }))
        collector.take(event);
    }
    for (const event of parse({ event: null, data: '[DONE]' })) collector.take(event);
    expect(collector.response.choices[0]).toMatchObject({ parts: calls, finishReason: 'tool-calls' });
  });
});

describe('messages', () => {
  const call = (id: string) => ({ type: 'tool-call' as const, id, name: 'f', argumentsText: '' });
  const result = (callId: string, value = 'r') => ({ callId, parts: [text(value)] });
  const wireCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });

  it('joins system blocks, keeps later ones in place', () => {
    expect(messagesOf({ role: 'system', parts: [text('a'), text('b')] }, hi, { role: 'system', parts: [text('c')] })).toEqual([
      { role: 'system', content: 'a\n\nb' },
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'c' },
    ]);
  });

  it('X15: puts results right behind their calls, whatever stood between', () => {
    const rendered = messagesOf({ role: 'assistant', parts: [text('t'), call('a'), call('b')] }, hi, {
      role: 'tool',
      results: [result('b'), result('a')],
    });
    expect(rendered).toEqual([
      { role: 'assistant', content: 't', tool_calls: [wireCall('a'), wireCall('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'r' },
      { role: 'tool', tool_call_id: 'b', content: 'r' },
      { role: 'user', content: 'hi' },
    ]);
  });

  it('X13: says of an aborted call that it has no result, and makes text of a result without a call', () => {
    expect(messagesOf({ role: 'assistant', parts: [call('a')] }, { role: 'tool', results: [result('gone')] }, hi)).toEqual([
      { role: 'assistant', content: null, tool_calls: [wireCall('a')] },
      { role: 'tool', tool_call_id: 'a', content: '[no result]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '[tool result gone]' },
          { type: 'text', text: 'r' },
        ],
      },
      { role: 'user', content: 'hi' },
    ]);
  });

  it('pairs an id used in two turns with the result of its own turn', () => {
    const turn = (value: string): Message[] => [
      { role: 'assistant', parts: [call('call_0')] },
      { role: 'tool', results: [result('call_0', value)] },
    ];
    expect(messagesOf(...turn('one'), ...turn('two'))).toMatchObject([{}, { content: 'one' }, {}, { content: 'two' }]);
  });

  it('moves images of results into a user message behind all results, and marks errors', () => {
    const image = { type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AA' } };
    const rendered = messagesOf(
      { role: 'assistant', parts: [call('a'), call('b')] },
      {
        role: 'tool',
        results: [
          { callId: 'a', parts: [text('see'), image] },
          { callId: 'b', parts: [text('no file')], isError: true },
        ],
      },
    );
    expect(rendered).toMatchObject([
      {},
      { role: 'tool', content: 'see\n[image]' },
      { role: 'tool', content: 'Error: no file' },
      { role: 'user', content: [{ type: 'text' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
    ]);
  });

  it('shortens ids over 64 characters alike in call and result', () => {
    const id = 'toolu_'.repeat(20);
    const [answer, tool] = messagesOf({ role: 'assistant', parts: [call(id)] }, { role: 'tool', results: [result(id)] }) as [
      { tool_calls: { id: string }[] },
      { tool_call_id: string },
    ];
    expect(tool.tool_call_id.length).toBeLessThanOrEqual(64);
    expect(answer.tool_calls[0]?.id).toBe(tool.tool_call_id);
  });

  it('renders attachments', () => {
    const source = { kind: 'base64' as const, mediaType: 'application/pdf', data: 'JVBE' };
    const [message] = messagesOf({
      role: 'user',
      parts: [
        { type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' }, detail: 'high' },
        { type: 'document', source, fileName: 'a.pdf' },
        {
          type: 'document',
          source: { kind: 'base64', mediaType: 'text/plain', data: Buffer.from('北京').toString('base64') },
          fileName: 'n.txt',
        },
        { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'AA' } },
      ],
    }) as unknown[];
    expect(message).toEqual({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'high' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
        { type: 'text', text: 'n.txt\n\n北京' },
        { type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } },
      ],
    });
  });

  it.each<[string, Extract<Message, { role: 'user' }>['parts'][number]]>([
    ['image file id', { type: 'image', source: { kind: 'file', fileId: 'f' } }],
    ['document file id', { type: 'document', source: { kind: 'file', fileId: 'f' } }],
    ['document URL', { type: 'document', source: { kind: 'url', url: 'https://a.example' } }],
    ['flac', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/flac', data: 'AA' } }],
  ])('X21: refuses rather than drops: %s', (_name, part) => {
    expect(() => messagesOf({ role: 'user', parts: [part] })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }));
  });

  it('X7: drops reasoning of another model, once said, and leaves no empty message', () => {
    const foreign: Message = {
      role: 'assistant',
      parts: [{ type: 'reasoning', text: 'hm', signature: 's', origin: { dialect: 'anthropic-messages', model: 'c' } }],
    };
    const { body, losses } = render({ messages: [hi, foreign, hi, foreign] });
    expect(body.messages).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'user', content: 'hi' },
    ]);
    expect(losses.map(({ path }) => path)).toEqual(['messages.reasoning']);
  });

  it('gives a model its own visible reasoning back within the running tool loop only', () => {
    const own: Message = {
      role: 'assistant',
      parts: [{ type: 'reasoning', text: 'hm', origin: { dialect: 'openai-chat', model: 'llama-3' } }, call('a')],
    };
    const done: Message = { role: 'tool', results: [result('a')] };
    expect(messagesOf(hi, own, done, hi, own, done)).toMatchObject([{}, { content: null }, {}, {}, { reasoning_content: 'hm' }, {}]);
    expect((messagesOf(hi, own, done, hi) as object[])[1]).not.toHaveProperty('reasoning_content');
  });

  it('X23: sends no cache marks, and says so once', () => {
    const marked: Message = { role: 'user', parts: [{ ...text('a'), cacheTtl: '1h' }] };
    const { body, losses } = render({ messages: [marked, marked] });
    expect(JSON.stringify(body)).not.toContain('cache');
    expect(losses.map(({ path }) => path)).toEqual(['cache_control']);
  });

  it('keeps refusals', () => {
    expect(messagesOf({ role: 'assistant', parts: [{ type: 'refusal', text: 'no' }] })).toEqual([
      { role: 'assistant', content: null, refusal: 'no' },
    ]);
  });
});
