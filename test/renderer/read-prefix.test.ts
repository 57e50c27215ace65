import { describe, expect, it } from 'vitest';
import { readPrefix } from '../../src-renderer/features/calls/conversation/read-prefix.ts';

type Message = { role: string; content: unknown };
const say = (role: string, content: unknown): Message => ({ role, content });
const tool = (name: string) => ({ name, description: `does ${name}`, input_schema: { type: 'object' } });
const text = (words: string, isMarked = false) => [
  { type: 'text', text: words, ...(isMarked ? { cache_control: { type: 'ephemeral' } } : {}) },
];

const dialects: Record<string, (system: string, messages: Message[], tools: object[]) => object> = {
  'openai-chat': (system, messages, tools) => ({
    messages: [say('system', system), ...messages],
    tools: tools.map((each) => ({ type: 'function', function: each })),
  }),
  'openai-responses': (instructions, input, tools) => ({ instructions, input, tools }),
  'anthropic-messages': (system, messages, tools) => ({ system: text(system, true), messages, tools }),
  'gemini-generate': (system, messages, tools) => ({
    systemInstruction: { parts: [{ text: system }] },
    contents: messages.map(({ role, content }) => ({ role: role === 'assistant' ? 'model' : 'user', parts: [{ text: content }] })),
    tools: [{ functionDeclarations: tools }],
  }),
};

const history = [say('user', 'Hello'), say('assistant', 'Hi'), say('user', 'Go on')];
const longer = [...history, say('assistant', 'Well'), say('user', 'And then?')];

describe.each(Object.entries(dialects))('how far a request repeats the one before it, %s', (dialect, render) => {
  const compare = (request: object, ...earlier: object[]) =>
    readPrefix({
      dialect,
      request: JSON.stringify(request),
      before: earlier.map((body, index) => ({ callId: `call_${index}`, request: JSON.stringify(body) })),
    });
  const asked = (messages = longer, system = 'Be brief.', tools = [tool('look')]) => render(system, messages, tools);

  it('sees that all of it is repeated', () => {
    const prefix = compare(asked(), asked(history));
    expect(prefix).toMatchObject({ callId: 'call_0', kept: 4, of: 4, broke: null, at: null });
  });

  it('finds the message that changed', () => {
    const changed = longer.map((message, at) => (at === 1 ? say('assistant', 'Hi!') : message));
    expect(compare(asked(changed), asked(history))).toMatchObject({ kept: 2, of: 4, broke: 'message', at: 2 });
  });

  it('finds a system prompt with a clock in it, and other tools', () => {
    expect(compare(asked(longer, 'It is 10:02.'), asked(history, 'It is 10:01.'))).toMatchObject({ kept: 0, broke: 'system', at: 0 });
    expect(compare(asked(longer, 'Be brief.', [tool('look'), tool('go')]), asked(history))).toMatchObject({ broke: 'tools', at: null });
  });

  it('passes over calls of other threads, and says nothing when there is no other', () => {
    const other = asked([say('user', 'Something else')]);
    expect(compare(asked(), other, asked(history))).toMatchObject({ callId: 'call_1', broke: null });
    expect(compare(asked(), other)).toBeNull();
    expect(compare(asked())).toBeNull();
  });
});

it('takes no notice of cache marks that moved', () => {
  const body = (messages: Message[]) => JSON.stringify({ messages });
  const before = body([say('user', text('Hello')), say('assistant', text('Hi')), say('user', text('Go on', true))]);
  const request = body([
    say('user', text('Hello')),
    say('assistant', text('Hi')),
    say('user', text('Go on')),
    say('user', text('!', true)),
  ]);
  const prefix = readPrefix({ dialect: 'anthropic-messages', request, before: [{ callId: 'call_1', request: before }] });
  expect(prefix).toMatchObject({ kept: 3, broke: null });
});

it.each(['', '{"messages":[{"role":"user"', '[]', 'null', '{"messages":7}'])('says nothing of %j', (request) => {
  expect(readPrefix({ dialect: 'openai-chat', request, before: [{ callId: 'call_1', request }] })).toBeNull();
  expect(readPrefix({ dialect: 'unheard-of', request, before: [{ callId: 'call_1', request }] })).toBeNull();
});
