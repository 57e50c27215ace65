import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';
import { createSseParser } from '../../../src-main/dialects/sse.ts';
import type { ChatEvent } from '../../../src-main/domain/chat-event.ts';
import type { ChatRequest } from '../../../src-main/domain/conversation.ts';

const upstream = openaiChat.upstream!;
const target = { model: 'llama-3', maxOutputTokens: null };
const origin = { dialect: 'openai-chat', model: 'llama-3' };
const counts = { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 };

const wire = (...chunks: unknown[]) =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: 'chatcmpl-1',
  model: 'llama-3-8b',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});
const finish = (reason = 'stop') => chunk({}, reason);

function parseBytes(chunks: readonly Buffer[]): ChatEvent[] {
  const sse = createSseParser();
  const parse = upstream.createStreamParser(target);
  return [...chunks.flatMap((bytes) => sse.push(bytes)).flatMap(parse), ...sse.end().flatMap(parse), ...parse(null)];
}
const parseStream = (...chunks: unknown[]) => parseBytes([Buffer.from(wire(...chunks))]);
const callDelta = (...tool_calls: unknown[]) => chunk({ tool_calls });

/** Calls as a client would assemble them. */
function callsOf(events: readonly ChatEvent[]): { id: string; name: string; text: string }[] {
  const calls: { id: string; name: string; text: string }[] = [];
  for (const event of events) {
    if (event.type === 'tool-call-start') calls[event.call] = { id: event.id, name: event.name, text: '' };
    else if (event.type === 'tool-call-delta') calls[event.call]!.text += event.argumentsText;
  }
  return calls;
}
const textOf = (events: readonly ChatEvent[], type: 'text-delta' | 'reasoning-delta') =>
  events.flatMap((event) => (event.type === type ? [event.text] : [])).join('');
const finishOf = (events: readonly ChatEvent[]) => events.flatMap((event) => (event.type === 'finish' ? [event.reason] : []));

describe('parseResponse', () => {
  const answer = (message: object, finish_reason = 'stop') =>
    upstream.parseResponse(
      { id: 'chatcmpl-1', created: 1_760_000_000, model: 'llama-3-8b', choices: [{ message, finish_reason }], usage: counts },
      target,
    );

  it('reads a reply', () => {
    const response = answer({
      content: 'a',
      reasoning_content: 'hm',
      tool_calls: [
        {
          id: 'call_ab12',
          type: 'function',
          function: { name: 'f', arguments: '{"x":1}' },
          extra_content: { google: { thought_signature: 's' } },
        },
      ],
    });
    expect(response).toMatchObject({ id: 'chatcmpl-1', createdAt: 1_760_000_000_000, model: 'llama-3-8b', usage: { inputUncached: 11 } });
    expect(response.choices).toEqual([
      {
        parts: [
          { type: 'reasoning', text: 'hm', origin },
          { type: 'text', text: 'a' },
          { type: 'tool-call', id: 'call_ab12', name: 'f', argumentsText: '{"x":1}', signature: 's', signatureOrigin: origin },
        ],
        finishReason: 'tool-calls',
        stopSequence: null,
      },
    ]);
  });

  it.each<[string, object, object[]]>([
    ['reasoning of Groq', { content: 'a', reasoning: 'hm' }, [{ type: 'reasoning', text: 'hm' }, { type: 'text' }]],
    [
      'thinking chunks of Mistral',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'a' },
        ],
      },
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'a' },
      ],
    ],
    ['a refusal', { content: null, refusal: 'no' }, [{ type: 'refusal', text: 'no' }]],
    [
      'arguments as an object',
      { content: null, tool_calls: [{ id: 'abcdefghi', function: { name: 'f', arguments: { x: 1 } } }] },
      [{ argumentsText: '{"x":1}' }],
    ],
    ['a deprecated call', { content: null, function_call: { name: 'f', arguments: '{}' } }, [{ type: 'tool-call', name: 'f' }]],
    [
      'a custom tool',
      { content: null, tool_calls: [{ id: 'abcdefghi', type: 'custom', custom: { name: 'p', input: 'x' } }] },
      [{ custom: true, argumentsText: 'x' }],
    ],
    [
      'images',
      { content: '', images: [{ image_url: { url: 'data:image/png;base64,AA' } }] },
      [{ type: 'image', source: { mediaType: 'image/png', data: 'AA' } }],
    ],
    ['nothing', { content: null }, []],
  ])('reads %s', (_name, message, parts) => {
    expect(answer(message).choices[0]?.parts).toMatchObject(parts);
    expect(answer(message).choices[0]?.parts).toHaveLength(parts.length);
  });

  it.each<[string | null, object, string]>([
    ['stop', { content: 'a' }, 'stop'],
    ['', { content: 'a' }, 'stop'],
    ['length', { content: 'a' }, 'length'],
    ['model_length', { content: 'a' }, 'length'],
    ['content_filter', { content: '' }, 'content-filter'],
    ['stop', { content: null, tool_calls: [{ id: 'abcdefghi', function: { name: 'f' } }] }, 'tool-calls'],
    ['function_call', { content: null, function_call: { name: 'f' } }, 'tool-calls'],
    ['tool_calls', { content: 'a' }, 'stop'],
    ['stop', { refusal: 'no' }, 'refusal'],
    ['insufficient_system_resource', { content: 'a' }, 'other'],
    ['constructor', { content: 'a' }, 'other'],
  ])('reads finish reason %j', (reason, message, expected) => {
    expect(answer(message, reason as string).choices[0]?.finishReason).toBe(expected);
  });

  it('X5: gives opaque reasoning details back to their model unmodified', () => {
    const reasoning_details = [
      { type: 'reasoning.text', text: 'hm', signature: 'sig', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'opaque', id: 'r1', index: 1 },
    ];
    const [choice] = answer({ content: 'a', reasoning: 'hm', reasoning_details }).choices;
    const messages: ChatRequest['messages'] = [{ role: 'assistant', parts: choice!.parts }];
    const request = { ...openaiChat.caller!.parseRequest({ model: 'x', messages: [{ role: 'user', content: 'x' }] }), messages };
    expect(upstream.renderRequest(request, target).body.messages).toEqual([{ role: 'assistant', content: 'a', reasoning_details }]);
    expect(upstream.renderRequest(request, { ...target, model: 'other' }).body.messages).toEqual([{ role: 'assistant', content: 'a' }]);
  });

  it('makes ids unique that the server counts from 0 in every answer', () => {
    const idOf = (answerId: string) => {
      const message = { tool_calls: [{ id: 'call_0', function: { name: 'f' } }, { function: { name: 'f' } }] };
      const [choice] = upstream.parseResponse({ id: answerId, choices: [{ message }] }, target).choices;
      return choice!.parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
    };
    expect(new Set([...idOf('a'), ...idOf('b')]).size).toBe(4);
    expect(idOf('a')).toEqual(idOf('a'));
  });

  it.each([null, 'text', {}, { choices: [] }, { choices: [null] }, []])('%j is a bad reply', (body) => {
    expect(() => upstream.parseResponse(body, target)).toThrow(expect.objectContaining({ code: 'upstream_bad_reply' }));
  });

  it('knows an error sent with status 200', () => {
    expect(() => upstream.parseResponse({ error: { message: 'busy', code: 429 } }, target)).toThrow(
      expect.objectContaining({ code: 'upstream_error', fault: expect.objectContaining({ kind: 'rate-limit', status: 429 }) }),
    );
  });
});

describe('createStreamParser', () => {
  const full = wire(
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'hm' }),
    chunk({ content: '北京' }),
    chunk({ content: '😀' }),
    callDelta({ index: 0, id: 'call_abcd', type: 'function', function: { name: 'f', arguments: '' } }),
    callDelta({ index: 0, function: { arguments: '{"x":' } }),
    callDelta({ index: 1, id: 'call_efgh', function: { name: 'g', arguments: '{}' } }),
    callDelta({ index: 0, function: { arguments: '"京"}' } }),
    finish('tool_calls'),
    { id: 'chatcmpl-1', choices: [], usage: counts },
    '[DONE]',
  );
  const expected: ChatEvent[] = [
    { type: 'start', id: 'chatcmpl-1', model: 'llama-3-8b' },
    { type: 'reasoning-delta', choice: 0, text: 'hm' },
    { type: 'text-delta', choice: 0, text: '北京' },
    { type: 'text-delta', choice: 0, text: '😀' },
    { type: 'tool-call-start', choice: 0, call: 0, id: 'call_abcd', name: 'f' },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"x":' },
    { type: 'tool-call-start', choice: 0, call: 1, id: 'call_efgh', name: 'g' },
    { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '{}' },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '"京"}' },
    { type: 'usage', usage: expect.objectContaining({ inputUncached: 11, outputText: 4 }) },
    { type: 'tool-call-end', choice: 0, call: 0 },
    { type: 'tool-call-end', choice: 0, call: 1 },
    { type: 'finish', choice: 0, reason: 'tool-calls', stopSequence: null },
    { type: 'end' },
  ];

  it.each([
    ['LF', full],
    ['CRLF', full.replaceAll('\n', '\r\n')],
    ['CR, with comments', `: OPENROUTER PROCESSING\n\n${full}`.replaceAll('\n', '\r')],
  ])('S11 S12: gives the same events at every cut of the bytes (%s)', (_name, body) => {
    const bytes = Buffer.from(body);
    for (let at = 0; at <= bytes.length; at++)
      expect(parseBytes([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(expected);
    expect(parseBytes([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it('re-renders as a stream that says the same', () => {
    const render = openaiChat.caller!.createStreamRenderer({ model: 'm', includeUsage: true, createdAt: 0 });
    const again = parseBytes([
      Buffer.from(
        parseBytes([Buffer.from(full)])
          .flatMap(render)
          .map(({ data }) => `data: ${data}\n\n`)
          .join(''),
      ),
    ]);
    expect(callsOf(again)).toEqual([
      { id: 'call_abcd', name: 'f', text: '{"x":"京"}' },
      { id: 'call_efgh', name: 'g', text: '{}' },
    ]);
    expect([textOf(again, 'text-delta'), textOf(again, 'reasoning-delta'), finishOf(again)]).toEqual(['北京😀', 'hm', ['tool-calls']]);
    expect(again.find((event) => event.type === 'usage')).toMatchObject({ usage: { inputUncached: 11, outputText: 4 } });
  });

  it('S8: gives no end to a stream that was cut, wherever it was cut', () => {
    for (const body of [
      wire(),
      wire(chunk({ content: 'a' })),
      wire(chunk({ content: 'a' }), 'not json'),
      `${wire(chunk({ content: 'a' }))}data: {"id":`,
    ]) {
      const events = parseBytes([Buffer.from(body)]);
      expect(events.some(({ type }) => type === 'end' || type === 'finish')).toBe(false);
    }
  });

  it('takes a finish reason for the end where [DONE] is missing, and waits for usage behind it', () => {
    const events = parseStream(chunk({ content: 'a' }), finish(), { id: 'x', choices: [], usage: counts });
    expect(events.slice(2).map(({ type }) => type)).toEqual(['usage', 'finish', 'end']);
  });

  it('takes [DONE] for the end where the finish reason is missing or empty', () => {
    expect(finishOf(parseStream(chunk({ content: 'a' }, ''), '[DONE]'))).toEqual(['stop']);
    expect(parseStream('[DONE]').map(({ type }) => type)).toEqual(['start', 'finish', 'end']);
  });

  it('ignores everything behind the end', () => {
    const parse = upstream.createStreamParser(target);
    parse({ event: null, data: '[DONE]' });
    expect([...parse({ event: null, data: JSON.stringify(chunk({ content: 'late' })) }), ...parse(null)]).toEqual([]);
  });

  it.each<[string, object]>([
    ['S3: a first chunk without choices, with preview usage', { id: 'chatcmpl-1', choices: [], usage: counts }],
    ['an Azure filter chunk', { id: '', model: '', choices: [], prompt_filter_results: [{}] }],
    ['no choices key', { id: 'chatcmpl-1' }],
  ])('goes on after %s', (_name, first) => {
    const events = parseStream(first, chunk({ content: 'a' }), finish(), '[DONE]');
    expect(events[0]?.type).toBe('start');
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1);
    expect(textOf(events, 'text-delta')).toBe('a');
  });

  it('S5: reads usage on any chunk; Groq keeps it in x_groq', () => {
    for (const more of [{ usage: counts }, { x_groq: { usage: counts } }]) {
      const events = parseStream(chunk({ content: 'a' }, null, more), chunk({}, 'stop', more));
      expect(events.filter(({ type }) => type === 'usage')).toHaveLength(2);
    }
  });

  it.each<[string, unknown]>([
    ['object', { error: { message: 'boom', code: 'rate_limit_exceeded' } }],
    ['text', { error: 'boom' }],
    ['vLLM', { object: 'error', message: 'boom' }],
    ['detail', { detail: 'boom' }],
    [
      'OpenRouter',
      { id: 'x', error: { code: 502, message: 'boom' }, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] },
    ],
  ])('S9: ends with the error: %s', (_name, error) => {
    const events = parseStream(chunk({ content: 'a' }), error, chunk({ content: 'b' }), '[DONE]');
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { message: 'boom' } });
    expect(textOf(events, 'text-delta')).toBe('a');
  });

  it('reads the status that a stream error stands for', () => {
    const statusOf = (error: object) => parseStream({ error }).flatMap((event) => (event.type === 'error' ? [event.fault.status] : []));
    expect(statusOf({ message: 'x', code: 529 })).toEqual([529]);
    expect(statusOf({ message: 'x', type: 'overloaded_error' })).toEqual([503]);
    expect(statusOf({ message: 'x', code: 'context_length_exceeded' })).toEqual([400]);
    expect(statusOf({ message: 'x' })).toEqual([500]);
  });

  it.each<[string, unknown[][], { name: string; text: string }[]]>([
    [
      'no index, ids',
      [[{ id: 'aaaaaa', function: { name: 'f', arguments: '{' } }], [{ id: 'aaaaaa', function: { arguments: '}' } }]],
      [{ name: 'f', text: '{}' }],
    ],
    [
      'no index, no ids, whole calls of one name in two chunks',
      [[{ function: { name: 'f', arguments: '{"a":1}' } }], [{ function: { name: 'f', arguments: '{"a":2}' } }]],
      [
        { name: 'f', text: '{"a":1}' },
        { name: 'f', text: '{"a":2}' },
      ],
    ],
    [
      'no index, no ids, the name in every fragment',
      [[{ function: { name: 'f', arguments: '{"a"' } }], [{ function: { name: 'f', arguments: ':2}' } }]],
      [{ name: 'f', text: '{"a":2}' }],
    ],
    [
      'no index, later fragments bare',
      [[{ id: 'aaaaaa', function: { name: 'f' } }], [{ function: { arguments: '{}' } }]],
      [{ name: 'f', text: '{}' }],
    ],
    [
      'index 0 for all (Ollama)',
      [
        [{ index: 0, id: 'aaaaaa', function: { name: 'f', arguments: '{}' } }],
        [{ index: 0, id: 'bbbbbb', function: { name: 'g', arguments: '{}' } }],
      ],
      [
        { name: 'f', text: '{}' },
        { name: 'g', text: '{}' },
      ],
    ],
    [
      'id and name repeated in every fragment',
      [
        [{ index: 0, id: 'aaaaaa', function: { name: 'f', arguments: '{"a"' } }],
        [{ index: 0, id: 'aaaaaa', function: { name: 'f', arguments: ':1}' } }],
      ],
      [{ name: 'f', text: '{"a":1}' }],
    ],
    [
      'a new id in every fragment of one call',
      [
        [{ index: 0, id: 'aaaaaa', function: { name: 'f', arguments: '{"a"' } }],
        [{ index: 0, id: 'bbbbbb', function: { arguments: ':1}' } }],
      ],
      [{ name: 'f', text: '{"a":1}' }],
    ],
    [
      'the name behind the arguments',
      [[{ index: 0, id: 'aaaaaa', function: { arguments: '{"a"' } }], [{ index: 0, function: { name: 'f', arguments: ':1}' } }]],
      [{ name: 'f', text: '{"a":1}' }],
    ],
    [
      'arguments as an object',
      [[{ index: 0, id: 'aaaaaa', function: { name: 'f', arguments: { a: 1 } } }]],
      [{ name: 'f', text: '{"a":1}' }],
    ],
    [
      'sparse indices',
      [
        [
          { index: 1, id: 'aaaaaa', function: { name: 'f', arguments: '{}' } },
          { index: 4, id: 'bbbbbb', function: { name: 'g', arguments: '{}' } },
        ],
      ],
      [
        { name: 'f', text: '{}' },
        { name: 'g', text: '{}' },
      ],
    ],
    ['no name at all', [[{ index: 0, id: 'aaaaaa', function: { arguments: '{}' } }]], [{ name: '', text: '{}' }]],
    ['calls in a message instead of a delta', [[{ id: 'aaaaaa', function: { name: 'f', arguments: '{}' } }]], [{ name: 'f', text: '{}' }]],
  ])('X1: joins tool calls with %s', (_name, chunks, calls) => {
    const events = parseStream(...chunks.map((fragments) => callDelta(...fragments)), finish('stop'), '[DONE]');
    expect(callsOf(events).map(({ name, text }) => ({ name, text }))).toEqual(calls);
    expect(finishOf(events)).toEqual(['tool-calls']);
    expect(new Set(callsOf(events).map(({ id }) => id)).size).toBe(calls.length);
  });

  it('keeps choices apart', () => {
    const second = { id: 'x', choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'length' }] };
    const events = parseStream(chunk({ content: 'a' }), second, finish(), '[DONE]');
    expect(events.flatMap((event) => (event.type === 'finish' ? [[event.choice, event.reason]] : []))).toEqual([
      [0, 'stop'],
      [1, 'length'],
    ]);
  });

  it('reads Mistral content arrays, legacy text, and a role in every chunk', () => {
    const mistral = chunk({ role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] });
    const events = parseStream(mistral, chunk({ role: 'assistant', content: 'a' }), { choices: [{ text: 'b' }] }, finish(), '[DONE]');
    expect([textOf(events, 'reasoning-delta'), textOf(events, 'text-delta')]).toEqual(['hm', 'ab']);
  });

  it('X5: gathers opaque reasoning from fragments and ends the reasoning with it', () => {
    const detail = (entry: object) => chunk({ reasoning: 'x', reasoning_details: [{ type: 'reasoning.text', index: 0, ...entry }] });
    const events = parseStream(
      detail({ text: 'h' }),
      detail({ text: 'm' }),
      detail({ text: '', signature: 'sig' }),
      chunk({ content: 'a' }),
      finish(),
      '[DONE]',
    );
    const at = events.findIndex(({ type }) => type === 'reasoning-signature');
    const signature = events[at];
    expect(signature?.type === 'reasoning-signature' && JSON.parse(signature.signature)).toEqual([
      { type: 'reasoning.text', index: 0, text: 'hm', signature: 'sig' },
    ]);
    expect(events[at + 1]).toMatchObject({ type: 'text-delta' });
    const hidden = parseStream(chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque' }] }), finish(), '[DONE]');
    expect(hidden[1]).toMatchObject({ type: 'reasoning-redacted' });
  });

  it('reads chunks that repeat each other but for their text as it reads each alone', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('a', 'content', '"content":"a"', '"}}]}', '\\', '😀', '\ud83d', '\n', ''));
    const step = fc.oneof(
      piece.map((content) => chunk({ content })),
      piece.map((content) => chunk({ content, note: { content } })),
      piece.map((reasoning) => chunk({ reasoning, reasoning_details: [{ type: 'reasoning.text', text: reasoning, signature: 's' }] })),
      piece.map((reasoning_content) => chunk({ reasoning_content })),
      piece.map((content) => ({ id: 'chatcmpl-1', choices: [{ index: 1, delta: { content } }] })),
      piece.map((content) => chunk({ content }, null, { usage: counts })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        // A field that differs in each chunk keeps the parser from recognising a repetition.
        const distinct = steps.map((value, at) => ({ ...value, padding: at }));
        expect(parseStream(...steps, '[DONE]')).toEqual(parseStream(...distinct, '[DONE]'));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the server sends', () => {
    const parse = (data: unknown) => {
      const push = upstream.createStreamParser(target);
      push({ event: null, data: JSON.stringify(data) ?? 'undefined' });
      return push(null);
    };
    const junk = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, '', 'x', 0, -1, 1.5, true), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(
        fc.constantFrom(
          'id',
          'choices',
          'index',
          'delta',
          'content',
          'tool_calls',
          'function',
          'arguments',
          'name',
          'usage',
          'error',
          'finish_reason',
          'type',
          'text',
        ),
        tie('value'),
        { maxKeys: 5 },
      ),
    })).value;
    fc.assert(
      fc.property(junk, (data) => {
        parse(data);
        parse({ choices: [data] });
        parse({ choices: [{ delta: data }] });
        parse({ choices: [{ delta: { tool_calls: [data], reasoning_details: [data] } }], usage: data });
        openaiChat.parseError(500, data);
      }),
      { numRuns: 300 },
    );
  });
});
