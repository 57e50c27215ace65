import { describe, expect, it } from 'vitest';
import { readConversation } from '../../src-renderer/features/calls/conversation/read-conversation.ts';
import type { Part, Turn } from '../../src-renderer/features/calls/conversation/turn.ts';
import { answerByDefault } from '../support/fake-upstream/default-answers.ts';
import type { RecordedRequest } from '../support/fake-upstream.ts';

/** The reply of a healthy provider, as it would be recorded. */
function answer(path: string, body: object): string {
  const request = { method: 'POST', path, header: () => null, json: () => body } as unknown as RecordedRequest;
  const reply = answerByDefault(request);
  if (reply.chunks === undefined) return JSON.stringify(reply.body);
  return reply.chunks.map((chunk) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'))).join('');
}

const parameters = { type: 'object' };
const dialects = {
  'openai-chat': (say: string, stream: boolean) => ({
    path: '/v1/chat/completions',
    body: {
      model: 'm',
      stream,
      messages: [{ role: 'user', content: say }],
      tools: [{ type: 'function', function: { name: 'look', parameters } }],
    },
  }),
  'openai-responses': (say: string, stream: boolean) => ({
    path: '/v1/responses',
    body: { model: 'm', stream, input: say, tools: [{ type: 'function', name: 'look', parameters }] },
  }),
  'anthropic-messages': (say: string, stream: boolean) => ({
    path: '/v1/messages',
    body: { model: 'm', stream, messages: [{ role: 'user', content: say }], tools: [{ name: 'look', input_schema: parameters }] },
  }),
  'gemini-generate': (say: string, stream: boolean) => ({
    path: `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { contents: [{ role: 'user', parts: [{ text: say }] }], tools: [{ functionDeclarations: [{ name: 'look', parameters }] }] },
  }),
};

const kinds = (turns: readonly Turn[]): string[] => turns.flatMap(({ parts }) => parts.map(({ kind }) => kind));
const texts = (turns: readonly Turn[]): string =>
  turns.flatMap(({ parts }) => parts.flatMap((part: Part) => (part.kind === 'text' ? [part.text] : []))).join('');

describe.each(Object.entries(dialects))('%s', (dialect, create) => {
  const read = (say: string, stream: boolean) => {
    const { path, body } = create(say, stream);
    return readConversation({ dialect, request: JSON.stringify(body), response: answer(path, body) });
  };

  it('reads a text, streamed as whole', () => {
    const whole = read('Hello', false);
    const streamed = read('Hello', true);
    expect(whole.latest.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(texts(whole.latest.slice(1)).length).toBeGreaterThan(5);
    expect(texts(streamed.latest)).toBe(texts(whole.latest));
    expect(kinds(streamed.latest)).toEqual(kinds(whole.latest));
    expect(whole.tools).toEqual(['look']);
    expect(streamed.finish).toBe(whole.finish);
    expect([...whole.problems, ...streamed.problems]).toEqual([]);
  });

  it('reads tool calls with their arguments, streamed as whole', () => {
    const calls = (turns: readonly Turn[]) =>
      turns.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'tool-call' ? [[part.name, JSON.parse(part.input)]] : [])));
    const whole = calls(read('[tools]', false).latest);
    expect(whole).toEqual([['look', { city: '北京😀' }]]);
    expect(calls(read('[tools]', true).latest)).toEqual(whole);
  });

  it('reads thinking, streamed as whole', () => {
    const thoughts = (turns: readonly Turn[]) =>
      turns.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'thinking' ? [part.text] : []))).join('');
    expect(thoughts(read('[think]', true).latest)).toBe(thoughts(read('[think]', false).latest));
    expect(kinds(read('[think]', false).latest)).not.toContain('raw');
  });
});

describe('readConversation', () => {
  const chat = (messages: object[], response: string | null = null) =>
    readConversation({ dialect: 'openai-chat', request: JSON.stringify({ messages }), response });

  it('folds what was said before and keeps the answer whose tools are answered now', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } };
    const { system, earlier, latest } = chat([
      { role: 'system', content: 'S' },
      { role: 'user', content: 'A' },
      { role: 'assistant', content: 'B' },
      { role: 'user', content: 'C' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'found' },
    ]);
    expect(texts(system)).toBe('S');
    expect(texts(earlier)).toBe('ABC');
    expect(latest).toMatchObject([
      { role: 'assistant', parts: [{ kind: 'tool-call', name: 'look', result: { isError: false, parts: [{ text: 'found' }] } }] },
    ]);
  });

  it('pairs Gemini results by name and order', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'A' }] },
      { role: 'model', parts: [1, 2].map((n) => ({ functionCall: { name: 'look', args: { n } } })) },
      { role: 'user', parts: ['one', 'two'].map((output) => ({ functionResponse: { name: 'look', response: { output } } })) },
    ];
    const { latest } = readConversation({ dialect: 'gemini-generate', request: JSON.stringify({ contents }), response: null });
    expect(
      latest[0]?.parts.map((part) => (part.kind === 'tool-call' ? texts([{ role: 'tool', parts: part.result?.parts ?? [] }]) : '')),
    ).toEqual(['one', 'two']);
  });

  it('drops nothing it does not know', () => {
    const { latest } = chat([{ role: 'user', content: [{ type: 'hologram', x: 1 }] }], JSON.stringify({ odd: true }));
    expect(latest.flatMap(({ parts }) => parts)).toMatchObject([
      { kind: 'raw', label: 'hologram' },
      { kind: 'raw', label: 'reply' },
    ]);
  });

  it('shows media by size, and addresses unloaded', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url } });
    const { latest } = chat([{ role: 'user', content: [image('data:image/png;base64,AAAA'), image('https://x.test/a.png')] }]);
    expect(latest[0]?.parts).toMatchObject([
      { kind: 'media', mediaType: 'image/png', bytes: 3 },
      { kind: 'media', bytes: null, address: 'https://x.test/a.png' },
    ]);
  });

  it('shows bodies that are cut or no JSON as they are', () => {
    const { latest, problems } = readConversation({ dialect: 'openai-chat', request: '{"messages":[', response: '<html>' });
    expect(problems).toHaveLength(2);
    expect(latest.flatMap(({ parts }) => parts)).toMatchObject([{ json: '{"messages":[' }, { json: '<html>' }]);
  });

  it('keeps an error in the middle of a stream', () => {
    const response = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\r\n\r\ndata: {"error":{"message":"gone"}}\r\n\r\n';
    const { latest } = readConversation({ dialect: 'openai-chat', request: null, response });
    expect(latest.flatMap(({ parts }) => parts)).toMatchObject([{ text: 'Hel' }, { kind: 'raw', label: 'event' }]);
  });
});
