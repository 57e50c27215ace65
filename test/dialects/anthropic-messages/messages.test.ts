import { describe, expect, test } from 'vitest';
import type { AssistantPart, Message, UserPart } from '../../../src-main/domain/conversation.ts';
import { assistant, system, user } from '../../support/chat-request.ts';
import { render, toolResult } from './fixtures.ts';

const call = (id: string, name = 'f', argumentsText = '{"a":1}'): AssistantPart => ({ type: 'tool-call', id, name, argumentsText });
const says = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const asks = (...parts: UserPart[]): Message => ({ role: 'user', parts });
const textBlock = (text: string) => ({ type: 'text', text });
const toolUse = (id: string) => ({ type: 'tool_use', id, name: 'f', input: { a: 1 } });
const result = (id: string, content: string) => ({ type: 'tool_result', tool_use_id: id, content });

function messagesOf(messages: Message[], model?: string) {
  return render({ messages }, model).body['messages'];
}

describe('system messages', () => {
  test('T9 T12: leading ones all go into system, in order', () => {
    const { body, lost } = render({
      messages: [
        system('one'),
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'two' },
            { type: 'text', text: '' },
          ],
        },
        user('hi'),
      ],
    });
    expect(body['system']).toEqual([textBlock('one'), textBlock('two')]);
    expect(body['messages']).toEqual([{ role: 'user', content: [textBlock('hi')] }]);
    expect(lost).toEqual([]);
  });

  test.each([
    ['last', [user('hi'), system('be brief')]],
    ['before an assistant turn', [user('hi'), system('be brief'), assistant('ok'), user('go')]],
  ])('a later one stays a system message where the model takes it: %s', (_name, messages) => {
    const { body, lost } = render({ messages }, 'claude-opus-4-8');
    expect((body['messages'] as unknown[])[1]).toEqual({ role: 'system', content: [textBlock('be brief')] });
    expect(lost).toEqual([]);
  });

  test.each([
    ['on a model without system messages inside', 'claude-opus-4-7', [user('hi'), system('be brief')]],
    ['before a user turn', 'claude-opus-4-8', [user('hi'), system('be brief'), user('go')]],
    ['after an assistant turn', 'claude-opus-4-8', [user('hi'), assistant('ok'), system('be brief')]],
  ])('a later one becomes marked user text %s', (_name, model, messages) => {
    const { body, losses } = render({ messages }, model);
    expect(JSON.stringify(body['messages'])).toContain('<system-reminder>\\nbe brief\\n</system-reminder>');
    expect(losses).toHaveLength(1);
  });

  test('a request of system messages alone gets an empty user turn', () => {
    const { body, lost } = render({ messages: [system('one')] });
    expect(body['messages']).toEqual([{ role: 'user', content: [textBlock('(empty)')] }]);
    expect(lost).toEqual(['messages']);
  });
});

describe('turns', () => {
  test('consecutive messages of one role become one turn', () => {
    expect(messagesOf([user('a'), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
      { role: 'user', content: [textBlock('a'), textBlock('b')] },
      { role: 'assistant', content: [textBlock('c'), textBlock('d')] },
      { role: 'user', content: [textBlock('e')] },
    ]);
  });

  test('X16: empty text makes no block, an empty user turn gets a placeholder', () => {
    expect(messagesOf([user(''), says({ type: 'text', text: '' }, call('c1')), toolResult('c1', 'r')])).toEqual([
      { role: 'user', content: [textBlock('(empty)')] },
      { role: 'assistant', content: [toolUse('c1')] },
      { role: 'user', content: [result('c1', 'r')] },
    ]);
  });

  test('a conversation that begins with the assistant gets a user turn first', () => {
    const { body, lost } = render({ messages: [assistant('hello'), user('hi')] });
    expect((body['messages'] as unknown[])[0]).toEqual({ role: 'user', content: [textBlock('(empty)')] });
    expect(lost).toEqual(['messages']);
  });

  test.each([
    [
      'claude-sonnet-4-5',
      [
        { role: 'user', content: [textBlock('hi')] },
        { role: 'assistant', content: [textBlock('{')] },
      ],
    ],
    [
      'claude-opus-4-6',
      [
        { role: 'user', content: [textBlock('hi')] },
        { role: 'assistant', content: [textBlock('{ ')] },
        { role: 'user', content: [textBlock('Continue.')] },
      ],
    ],
  ])('a prefill for %s', (model, expected) => {
    const { body, lost } = render({ messages: [user('hi'), assistant('{ ')] }, model);
    expect(body['messages']).toEqual(expected);
    expect(lost).toEqual(['messages']);
  });

  test('a refusal in the history is text', () => {
    expect(messagesOf([user('a'), says({ type: 'refusal', text: 'I cannot.' }), user('b')])).toContainEqual({
      role: 'assistant',
      content: [textBlock('I cannot.')],
    });
  });
});

describe('tool calls and results', () => {
  test('X14: all results of a turn come in one user turn, before other text', () => {
    expect(messagesOf([user('a'), says(call('c1'), call('c2')), toolResult('c1', 'one'), toolResult('c2', 'two'), user('go on')])).toEqual([
      { role: 'user', content: [textBlock('a')] },
      { role: 'assistant', content: [toolUse('c1'), toolUse('c2')] },
      { role: 'user', content: [result('c1', 'one'), result('c2', 'two'), textBlock('go on')] },
    ]);
  });

  test('X14: results follow their calls wherever the caller put them', () => {
    const messages = [user('a'), says(call('c1')), says(call('c2')), user('wait'), toolResult('c2', 'two'), toolResult('c1', 'one')];
    expect(messagesOf(messages)).toEqual([
      { role: 'user', content: [textBlock('a')] },
      { role: 'assistant', content: [toolUse('c1'), toolUse('c2')] },
      { role: 'user', content: [result('c1', 'one'), result('c2', 'two'), textBlock('wait')] },
    ]);
  });

  test('a call without a result gets a stand-in', () => {
    const { body, lost } = render({ messages: [user('a'), says(call('c1')), user('b')] });
    expect((body['messages'] as unknown[])[2]).toEqual({ role: 'user', content: [result('c1', '[no result]'), textBlock('b')] });
    expect(lost).toEqual(['messages[1].parts[0]']);
  });

  test('a result without a call becomes user text', () => {
    const { body, lost } = render({ messages: [toolResult('gone', 'r'), user('b')] });
    expect(body['messages']).toEqual([{ role: 'user', content: [textBlock('[tool result gone]'), textBlock('r'), textBlock('b')] }]);
    expect(lost).toEqual(['messages[0].results[0]']);
  });

  test('ids that are reused or not allowed are made unique and legal, results follow', () => {
    const messages = [user('a'), says(call('call:0')), toolResult('call:0', 'one'), says(call('call:0')), toolResult('call:0', 'two')];
    expect(messagesOf(messages)).toEqual([
      { role: 'user', content: [textBlock('a')] },
      { role: 'assistant', content: [toolUse('call_0')] },
      { role: 'user', content: [result('call_0', 'one')] },
      { role: 'assistant', content: [toolUse('call_0_2')] },
      { role: 'user', content: [result('call_0_2', 'two')] },
    ]);
  });

  test.each([
    ['', {}, 0],
    ['  ', {}, 0],
    ['{"a":{"b":[1]}}', { a: { b: [1] } }, 0],
    ['{"a":', { _raw: '{"a":' }, 1],
    ['[1]', { _raw: '[1]' }, 1],
  ])('arguments %j are sent as %j', (argumentsText, input, losses) => {
    const rendered = render({ messages: [user('a'), says(call('c1', 'f', argumentsText)), toolResult('c1', 'r')] });
    expect(rendered.body['messages']).toContainEqual({ role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input }] });
    expect(rendered.losses).toHaveLength(losses);
  });

  test('results keep images, documents and the error mark', () => {
    const image: UserPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } };
    const messages: Message[] = [
      user('a'),
      says(call('c1'), call('c2')),
      {
        role: 'tool',
        results: [
          { callId: 'c1', parts: [{ type: 'text', text: 'see' }, image], isError: true },
          { callId: 'c2', parts: [] },
        ],
      },
    ];
    expect((messagesOf(messages) as unknown[])[2]).toEqual({
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c1',
          content: [textBlock('see'), { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
          is_error: true,
        },
        { type: 'tool_result', tool_use_id: 'c2' },
      ],
    });
  });
});

describe('media', () => {
  const contentOf = (part: UserPart) => (messagesOf([asks(part)]) as { content: unknown[] }[])[0]?.content[0];
  const text64 = Buffer.from('Grüße').toString('base64');

  test.each<[string, UserPart, unknown]>([
    [
      'T11 X20: an image by address',
      { type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    ],
    [
      'an image in base64',
      { type: 'image', source: { kind: 'base64', mediaType: 'image/jpg', data: 'AA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AA' } },
    ],
    [
      'X21: a PDF in base64',
      { type: 'document', fileName: 'a.pdf', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0x' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' }, title: 'a.pdf' },
    ],
    [
      'X21: a PDF named as bytes',
      { type: 'document', source: { kind: 'base64', mediaType: 'application/octet-stream', data: 'JVBERi0x' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' } },
    ],
    [
      'a PDF by address',
      { type: 'document', source: { kind: 'url', url: 'https://a.example/b.pdf' } },
      { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } },
    ],
    [
      'a text document',
      { type: 'document', fileName: 'a.md', source: { kind: 'base64', mediaType: 'text/markdown', data: text64 } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' }, title: 'a.md' },
    ],
    [
      'an image sent as a file',
      { type: 'document', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
    ],
  ])('%s', (_name, part, expected) => {
    expect(contentOf(part)).toEqual(expected);
  });

  test.each<[string, UserPart, string]>([
    ['audio', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA' } }, 'unsupported_feature'],
    [
      'an office file',
      { type: 'document', source: { kind: 'base64', mediaType: 'application/msword', data: 'AA' } },
      'unsupported_feature',
    ],
    ["another provider's file", { type: 'image', source: { kind: 'file', fileId: 'file_1' } }, 'invalid_request'],
    ['an address without TLS', { type: 'image', source: { kind: 'url', url: 'http://a.example/b.png' } }, 'invalid_request'],
  ])('X21: %s is an error with its place, never dropped', (_name, part, code) => {
    expect(() => render({ messages: [user('a'), asks({ type: 'text', text: 'see' }, part)] })).toThrow(
      expect.objectContaining({ code, param: 'messages[1].parts[1]' }) as Error,
    );
  });

  test('image detail is lost unless it is auto', () => {
    const image = (detail: 'auto' | 'high'): UserPart => ({
      type: 'image',
      detail,
      source: { kind: 'url', url: 'https://a.example/b.png' },
    });
    expect(render({ messages: [asks(image('auto'), image('high'))] }).lost).toEqual(['messages[0].parts[1].detail']);
  });
});

describe('cache breakpoints', () => {
  test('X22: kept on system, tools, user parts, tool calls and tool results', () => {
    const { body, lost } = render({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 's', cacheTtl: '1h' }] },
        asks({ type: 'text', text: 'a' }),
        says({ ...call('c1'), cacheTtl: '5m' } as AssistantPart),
        { role: 'tool', results: [{ callId: 'c1', parts: [{ type: 'text', text: 'r' }], cacheTtl: '5m' }] },
      ],
      tools: [{ name: 'f', description: null, parameters: null, strict: null, cacheTtl: '1h' }],
    });
    expect(body['tools']).toEqual([
      { name: 'f', input_schema: { type: 'object', properties: {} }, cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
    expect(body['system']).toEqual([{ type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '1h' } }]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [textBlock('a')] },
      { role: 'assistant', content: [{ ...toolUse('c1'), cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: [{ ...result('c1', 'r'), cache_control: { type: 'ephemeral' } }] },
    ]);
    expect(lost).toEqual([]);
  });

  test('X22: of more than four the last stay', () => {
    const marked = (text: string): UserPart => ({ type: 'text', text, cacheTtl: '5m' });
    const { body, lost } = render({ messages: [asks(marked('1'), marked('2'), marked('3'), marked('4'), marked('5'), marked('6'))] });
    const content = (body['messages'] as { content: { cache_control?: unknown }[] }[])[0]?.content ?? [];
    expect(content.map((block) => block.cache_control !== undefined)).toEqual([false, false, true, true, true, true]);
    expect(lost).toEqual(['messages[0].parts[0].cacheTtl', 'messages[0].parts[1].cacheTtl']);
  });

  test('a 1-hour breakpoint behind a 5-minute one lasts 5 minutes', () => {
    const { body, lost } = render({
      messages: [asks({ type: 'text', text: '1', cacheTtl: '5m' }, { type: 'text', text: '2', cacheTtl: '1h' })],
    });
    expect(JSON.stringify(body)).not.toContain('1h');
    expect(lost).toEqual(['messages[0].parts[1].cacheTtl']);
  });
});
