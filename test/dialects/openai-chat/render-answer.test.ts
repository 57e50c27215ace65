import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { createStreamRenderer } from '../../../src-main/dialects/openai-chat/render-stream.ts';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';
import { renderSse, type SseEvent } from '../../../src-main/dialects/sse.ts';
import type { ChatEvent } from '../../../src-main/domain/chat-event.ts';
import type { AssistantPart, ChatChoice, FinishReason } from '../../../src-main/domain/conversation.ts';
import { emptyUsage } from '../../../src-main/domain/token-usage.ts';

const caller = openaiChat.caller!;
const usage = { ...emptyUsage(), inputUncached: 5, inputCacheRead: 3, outputText: 2, outputReasoning: 4 };
const origin = { dialect: 'anthropic-messages', model: 'claude-x' };
const options = { model: 'my-model', includeUsage: false, createdAt: 1_760_000_000_999 };

function respond(parts: AssistantPart[], finishReason: FinishReason = 'stop', more: Partial<ChatChoice> = {}) {
  const choices = [{ parts, finishReason, stopSequence: null, ...more }];
  const body = caller.renderResponse({ id: 'msg_1', model: 'claude-x', createdAt: options.createdAt, choices, usage });
  return body as OpenAI.Chat.ChatCompletion;
}

function stream(events: ChatEvent[], more: Partial<Parameters<typeof createStreamRenderer>[0]> = {}): SseEvent[] {
  const render = createStreamRenderer({ ...options, ...more });
  return events.flatMap(render);
}

/** Deltas and finish reasons only; the rest of a chunk is the same everywhere. */
function stepsOf(events: SseEvent[]): unknown[] {
  return events.map(({ data }) => {
    if (data === '[DONE]') return data;
    const chunk = JSON.parse(data);
    if (chunk.error) return chunk;
    const [choice] = chunk.choices;
    return choice === undefined ? { usage: chunk.usage } : choice.finish_reason === null ? choice.delta : choice.finish_reason;
  });
}

const start: ChatEvent = { type: 'start', id: 'msg_1', model: 'claude-x' };
const end: ChatEvent = { type: 'end' };
const finish = (reason: FinishReason, refusalText?: string): ChatEvent => ({
  type: 'finish',
  choice: 0,
  reason,
  stopSequence: null,
  ...(refusalText === undefined ? {} : { refusalText }),
});
const text = (value: string, choice = 0): ChatEvent => ({ type: 'text-delta', choice, text: value });
const opening = { role: 'assistant', content: '', refusal: null };

describe('renderResponse', () => {
  it('renders text, reasoning and calls', () => {
    const parts: AssistantPart[] = [
      { type: 'reasoning', text: 'hm', signature: 'sig', origin },
      { type: 'reasoning', text: '', redactedData: 'opaque', origin },
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{"x":1}', signature: 'c2ln' },
      { type: 'tool-call', id: 'c2', name: 'g', argumentsText: '' },
      { type: 'tool-call', id: 'c3', name: 'patch', argumentsText: '', custom: true },
    ];
    expect(respond(parts)).toEqual({
      id: 'chatcmpl-msg_1',
      object: 'chat.completion',
      created: 1_760_000_000,
      model: 'claude-x',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'ab',
            refusal: null,
            reasoning_content: 'hm',
            reasoning_details: [
              { type: 'reasoning.text', text: 'hm', signature: 'sig', format: 'anthropic-messages', model: 'claude-x', index: 0 },
              { type: 'reasoning.encrypted', data: 'opaque', format: 'anthropic-messages', model: 'claude-x', index: 1 },
            ],
            tool_calls: [
              {
                id: 'c1',
                type: 'function',
                function: { name: 'f', arguments: '{"x":1}' },
                extra_content: { google: { thought_signature: 'c2ln' } },
              },
              { id: 'c2', type: 'function', function: { name: 'g', arguments: '{}' } },
              { id: 'c3', type: 'custom', custom: { name: 'patch', input: '' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 8,
        completion_tokens: 6,
        total_tokens: 14,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
  });

  it.each<[FinishReason, AssistantPart[], string]>([
    ['stop', [], 'stop'],
    ['stop-sequence', [], 'stop'],
    ['tool-calls', [], 'stop'],
    ['length', [], 'length'],
    ['content-filter', [], 'content_filter'],
    ['refusal', [], 'content_filter'],
    ['refusal', [{ type: 'refusal', text: 'no' }], 'stop'],
    ['pause', [], 'stop'],
    ['malformed-tool-call', [], 'stop'],
    ['other', [], 'stop'],
    ['stop', [{ type: 'tool-call', id: 'a', name: 'f', argumentsText: '{}' }], 'tool_calls'],
    ['length', [{ type: 'tool-call', id: 'a', name: 'f', argumentsText: '{' }], 'length'],
  ])('T20: finish reason %s is of OpenAI’s enumeration', (reason, parts, expected) => {
    expect(respond(parts, reason).choices[0]?.finish_reason).toBe(expected);
    const calls = parts.flatMap((part, call): ChatEvent[] =>
      part.type === 'tool-call'
        ? [{ type: 'tool-call-start', choice: 0, call, id: part.id, name: part.name }]
        : [{ type: 'refusal-delta', choice: 0, text: 'no' }],
    );
    expect(stepsOf(stream([start, ...calls, finish(reason), end]))).toContain(expected);
  });

  it('gives a refusal its field, and null content', () => {
    const [choice] = respond([], 'refusal', { refusalText: 'I will not.' }).choices;
    expect(choice?.message).toMatchObject({ content: null, refusal: 'I will not.' });
    expect(choice?.finish_reason).toBe('stop');
  });

  it('omits usage that is not known', () => {
    const body = caller.renderResponse({ id: 'chatcmpl-1', model: 'm', createdAt: 0, choices: [], usage: null });
    expect(body).toEqual({ id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'm', choices: [] });
  });
});

describe('createStreamRenderer', () => {
  it('S14: opens with the role, finishes before [DONE], keeps id, created and model', () => {
    const events = stream([start, text('Hel'), text('lo'), finish('stop'), end]);
    expect(stepsOf(events)).toEqual([opening, { content: 'Hel' }, { content: 'lo' }, 'stop', '[DONE]']);
    for (const { event, data } of events.slice(0, -1)) {
      expect(event).toBeNull();
      expect(JSON.parse(data)).toMatchObject({
        id: 'chatcmpl-msg_1',
        object: 'chat.completion.chunk',
        created: 1_760_000_000,
        model: 'my-model',
      });
      expect(JSON.parse(data)).not.toHaveProperty('usage');
    }
  });

  it('S1 S2: adds one last usage chunk iff it was asked for, held until the end', () => {
    const events: ChatEvent[] = [{ type: 'usage', usage: emptyUsage() }, start, { type: 'usage', usage }, text('a'), finish('stop'), end];
    expect(stepsOf(stream(events))).toEqual([opening, { content: 'a' }, 'stop', '[DONE]']);
    const asked = stream(events, { includeUsage: true });
    expect(stepsOf(asked).slice(-3)).toEqual(['stop', { usage: expect.objectContaining({ total_tokens: 14 }) }, '[DONE]']);
    expect(asked.slice(0, -2).map(({ data }) => JSON.parse(data).usage)).toEqual([null, null, null]);
  });

  it('S4: leaves the usage chunk out rather than sending zeros', () => {
    expect(stepsOf(stream([start, { type: 'usage', usage: emptyUsage() }, finish('stop'), end], { includeUsage: true }))).toEqual([
      opening,
      'stop',
      '[DONE]',
    ]);
  });

  it('X1 X2 X4 T7: numbers parallel calls from 0 and starts arguments empty', () => {
    const events: ChatEvent[] = [
      start,
      text('Looking.'),
      { type: 'tool-call-start', choice: 0, call: 0, id: 'a', name: 'f' },
      { type: 'tool-call-start', choice: 0, call: 1, id: 'b', name: 'g', signature: 'c2ln' },
      { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '{"y"' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"x":1}' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '' },
      { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: ':2}' },
      { type: 'tool-call-end', choice: 0, call: 0 },
      { type: 'tool-call-end', choice: 0, call: 1 },
      finish('stop'),
      end,
    ];
    const call = (index: number, more: object) => ({ tool_calls: [{ index, ...more }] });
    expect(stepsOf(stream(events))).toEqual([
      opening,
      { content: 'Looking.' },
      call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
      call(1, {
        id: 'b',
        type: 'function',
        function: { name: 'g', arguments: '' },
        extra_content: { google: { thought_signature: 'c2ln' } },
      }),
      call(1, { function: { arguments: '{"y"' } }),
      call(0, { function: { arguments: '{"x":1}' } }),
      call(1, { function: { arguments: ':2}' } }),
      'tool_calls',
      '[DONE]',
    ]);
  });

  it('gives a call without arguments "{}", whether or not it was ended', () => {
    const call: ChatEvent = { type: 'tool-call-start', choice: 0, call: 0, id: 'a', name: 'f' };
    const braces = { tool_calls: [{ index: 0, function: { arguments: '{}' } }] };
    expect(stepsOf(stream([start, call, { type: 'tool-call-end', choice: 0, call: 0 }, finish('tool-calls'), end]))[2]).toEqual(braces);
    expect(stepsOf(stream([start, call, finish('tool-calls'), end]))[2]).toEqual(braces);
    const custom = stepsOf(
      stream([start, { ...call, custom: true }, { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: 'go' }, finish('stop'), end]),
    );
    expect(custom.slice(1, 4)).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'go' } }] },
      'tool_calls',
    ]);
  });

  it('X5: sends opaque reasoning whole, numbered, with its signer', () => {
    const events: ChatEvent[] = [
      start,
      { type: 'reasoning-delta', choice: 0, text: 'let me ' },
      { type: 'reasoning-delta', choice: 0, text: 'think' },
      { type: 'reasoning-signature', choice: 0, signature: 'sig' },
      { type: 'reasoning-redacted', choice: 0, data: 'opaque' },
      text('x'),
      finish('stop'),
      end,
    ];
    const signer = { format: 'anthropic-messages', model: 'claude-x' };
    expect(stepsOf(stream(events, { reasoningOrigin: origin })).slice(1, 5)).toEqual([
      { reasoning_content: 'let me ' },
      { reasoning_content: 'think' },
      { reasoning_details: [{ type: 'reasoning.text', text: 'let me think', signature: 'sig', ...signer, index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque', ...signer, index: 1 }] },
    ]);
  });

  it('X5: keeps back opaque reasoning of an unknown signer, so that the memory of the proxy stands in', () => {
    const signed: ChatEvent = { type: 'reasoning-signature', choice: 0, signature: 'sig' };
    const events: ChatEvent[] = [start, { type: 'reasoning-delta', choice: 0, text: 'hm' }, signed, finish('stop'), end];
    expect(stepsOf(stream(events))).toEqual([opening, { reasoning_content: 'hm' }, 'stop', '[DONE]']);
    expect(respond([{ type: 'reasoning', text: 'hm', signature: 'sig' }]).choices[0]?.message).not.toHaveProperty('reasoning_details');
  });

  it('joins surrogate pairs that the upstream split between deltas', () => {
    const events = [start, text('a\ud83d'), text('\ude00b\ud83d'), text('\ude00'), text('\ud83d'), finish('stop'), end];
    expect(stepsOf(stream(events)).slice(1, -2)).toEqual([{ content: 'a' }, { content: '😀b' }, { content: '😀' }, { content: '\ud83d' }]);
  });

  it('keeps several choices apart, each with its role and finish', () => {
    const second: ChatEvent = { type: 'finish', choice: 1, reason: 'length', stopSequence: null };
    const events = stream([start, text('a'), text('b', 1), second, finish('stop'), end]);
    const chunks = events.slice(0, -1).map(({ data }) => JSON.parse(data).choices[0]);
    expect(chunks.map((choice) => [choice.index, choice.finish_reason ?? choice.delta])).toEqual([
      [0, opening],
      [0, { content: 'a' }],
      [1, opening],
      [1, { content: 'b' }],
      [1, 'length'],
      [0, 'stop'],
    ]);
  });

  it('sends images, text signatures and the words of a refusal', () => {
    const events: ChatEvent[] = [
      start,
      { type: 'image', choice: 0, mediaType: 'image/png', data: 'AA' },
      { type: 'text-signature', choice: 0, signature: 's' },
      finish('refusal', 'No.'),
      end,
    ];
    expect(stepsOf(stream(events)).slice(1, 5)).toEqual([
      { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
      { extra_content: { google: { thought_signature: 's' } } },
      { refusal: 'No.' },
      'stop',
    ]);
  });

  it('S9: ends with the error and neither finish nor [DONE]', () => {
    const fault = {
      status: 529,
      kind: 'overloaded',
      message: 'busy',
      providerType: null,
      providerCode: null,
      param: null,
      retryAfterMs: null,
    } as const;
    const events = stream([start, text('a'), { type: 'error', fault }, text('b'), end]);
    expect(stepsOf(events)).toEqual([
      opening,
      { content: 'a' },
      { error: { message: 'busy', type: 'server_error', param: null, code: 'overloaded' } },
    ]);
  });

  it('finishes a stream whose upstream ended without saying so, once', () => {
    expect(stepsOf(stream([start, text('a'), end, end]))).toEqual([opening, { content: 'a' }, 'stop', '[DONE]']);
    expect(stepsOf(stream([end]))).toEqual([opening, 'stop', '[DONE]']);
    expect(stepsOf(stream([start, finish('stop'), finish('length'), end]))).toEqual([opening, 'stop', '[DONE]']);
  });
});

describe('the official SDK', () => {
  const read = async (events: ChatEvent[]) => {
    const body = stream(events, { includeUsage: true }).map(renderSse).join('');
    const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1:1/v1', fetch, maxRetries: 0 });
    return client.chat.completions.stream({ model: 'm', messages: [], stream_options: { include_usage: true } }).finalChatCompletion();
  };

  it('assembles our stream', async () => {
    const completion = await read([
      start,
      { type: 'reasoning-delta', choice: 0, text: 'hm' },
      text('北京'),
      text('😀'),
      { type: 'tool-call-start', choice: 0, call: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"x":' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '1}' },
      { type: 'tool-call-start', choice: 0, call: 1, id: 'b', name: 'g' },
      finish('tool-calls'),
      { type: 'usage', usage },
      end,
    ]);
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: '北京😀',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
    });
    expect(completion.usage).toMatchObject({ prompt_tokens: 8, completion_tokens: 6, total_tokens: 14 });
  });

  it('S9: raises our error frame', async () => {
    const fault = {
      status: 500,
      kind: 'server',
      message: 'it broke',
      providerType: null,
      providerCode: null,
      param: null,
      retryAfterMs: null,
    } as const;
    await expect(read([start, text('a'), { type: 'error', fault }])).rejects.toThrow('it broke');
  });
});
