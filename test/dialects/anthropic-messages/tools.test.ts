import { describe, expect, test } from 'vitest';
import type { ChatRequest, Message, Tool, ToolChoice } from '../../../src-main/domain/conversation.ts';
import { user } from '../../support/chat-request.ts';
import { render, toolResult } from './fixtures.ts';

const tool = (name: string, fields: Partial<Tool> = {}): Tool => ({ name, description: null, parameters: null, strict: null, ...fields });
const empty = { type: 'object', properties: {} };
const called = (name: string, fields = {}): Message[] => [
  user('a'),
  { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name, argumentsText: '{}', ...fields }] },
  toolResult('c1', 'r'),
];

describe('tool choice', () => {
  const choose = (toolChoice: ToolChoice | null, model?: string, fields: Partial<ChatRequest> = {}) =>
    render({ tools: [tool('f'), tool('g')], toolChoice, ...fields }, model);

  test.each<[ToolChoice | null, unknown]>([
    [null, undefined],
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'none' }, { type: 'none' }],
    [{ type: 'required' }, { type: 'any' }],
    [
      { type: 'tool', name: 'g' },
      { type: 'tool', name: 'g' },
    ],
  ])('T10: %j', (toolChoice, expected) => {
    const { body, lost } = choose(toolChoice);
    expect(body['tool_choice']).toEqual(expected);
    expect(body['tools']).toHaveLength(2);
    expect(lost).toEqual([]);
  });

  test.each<[ToolChoice | null, unknown]>([
    [null, { type: 'auto', disable_parallel_tool_use: true }],
    [{ type: 'required' }, { type: 'any', disable_parallel_tool_use: true }],
    [{ type: 'none' }, { type: 'none' }],
  ])('no parallel calls with %j', (toolChoice, expected) => {
    expect(choose(toolChoice, undefined, { parallelToolCalls: false }).body['tool_choice']).toEqual(expected);
  });

  test.each([
    ['auto', { type: 'auto' }],
    ['required', { type: 'any' }],
  ] as const)('only the allowed tools are sent, mode %s', (mode, expected) => {
    const { body, lost } = choose({ type: 'allowed', mode, names: ['g'] });
    expect(body['tools']).toEqual([{ name: 'g', input_schema: empty }]);
    expect(body['tool_choice']).toEqual(expected);
    expect(lost).toEqual([]);
  });

  test.each([
    ['claude-opus-5-5', {}],
    ['claude-fable-5-1', {}],
    ['claude-opus-6', {}],
    ['claude-sonnet-4-5', { reasoning: { effort: 'low', budgetTokens: null } }],
    ['claude-opus-5', { reasoning: { effort: 'low', budgetTokens: null } }],
  ] as const)('X17: %s %j rejects a forced choice: it is asked in words', (model, fields) => {
    const { body, lost } = choose({ type: 'tool', name: 'g' }, model, fields);
    expect(body['tool_choice']).toEqual({ type: 'auto' });
    expect(body['system']).toEqual([{ type: 'text', text: 'You must answer with a call of the tool "g".' }]);
    expect(lost).toEqual(['toolChoice']);
  });

  test('a model that thinks by default stops thinking for a forced choice, when nobody asked for thinking', () => {
    const { body, lost } = choose({ type: 'required' }, 'claude-opus-5');
    expect(body).toMatchObject({ tool_choice: { type: 'any' }, thinking: { type: 'disabled' } });
    expect(lost).toEqual(['reasoning']);
  });

  test('without tools there is no choice', () => {
    expect(render({ toolChoice: { type: 'auto' }, parallelToolCalls: false }).body['tool_choice']).toBeUndefined();
  });
});

describe('tools', () => {
  test('descriptions, missing parameters and hosted search', () => {
    const { body } = render({ tools: [tool('f', { description: 'Does it' })], webSearch: true });
    expect(body['tools']).toEqual([
      { name: 'f', description: 'Does it', input_schema: empty },
      { type: 'web_search_20250305', name: 'web_search' },
    ]);
  });

  test('a history with calls declares their tools and forbids them when none is offered', () => {
    const { body } = render({ messages: called('f') });
    expect(body['tools']).toEqual([{ name: 'f', input_schema: empty }]);
    expect(body['tool_choice']).toEqual({ type: 'none' });
  });

  test('strict tools get closed schemas where the model can enforce them', () => {
    const strict = tool('f', { strict: true, parameters: { type: 'object', properties: { a: { type: 'string', minLength: 2 } } } });
    const native = render({ tools: [strict] });
    expect(native.body['tools']).toEqual([
      {
        name: 'f',
        input_schema: {
          type: 'object',
          properties: { a: { type: 'string', description: 'Constraints: {"minLength":2}' } },
          additionalProperties: false,
        },
        strict: true,
      },
    ]);
    expect(native.lost).toEqual(['tools[0].parameters']);
    const old = render({ tools: [strict] }, 'claude-sonnet-4-20250514');
    expect(old.body['tools']).toEqual([{ name: 'f', input_schema: strict.parameters }]);
    expect(old.lost).toEqual(['tools[0].strict']);
  });

  test('strict is given up for a schema that refers to itself', () => {
    const parameters = { type: 'object', properties: { next: { $ref: '#' } } };
    const { body, lost } = render({ tools: [tool('f', { strict: true, parameters })] });
    expect(body['tools']).toEqual([{ name: 'f', input_schema: parameters }]);
    expect(lost).toEqual(['tools[0].strict']);
  });

  test('a free-text tool is a function with one string, also in the history', () => {
    const custom = tool('apply_patch', {
      description: 'Patches',
      custom: { format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } },
    });
    const { body, lost, toolNames } = render({
      tools: [custom],
      messages: called('apply_patch', { custom: true, argumentsText: '*** Begin' }),
    });
    expect(body['tools']).toEqual([
      {
        name: 'apply_patch',
        description: expect.stringContaining('start: \\"x\\"'),
        input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
      },
    ]);
    expect(JSON.stringify(body['messages'])).toContain('"input":{"input":"*** Begin"}');
    expect([...toolNames!]).toEqual([['apply_patch', { name: 'apply_patch', custom: true }]]);
    expect(lost).toEqual(['tools[0].custom']);
  });
});

describe('X11: tool names', () => {
  const namesOf = (fields: Partial<ChatRequest>) => {
    const { body, toolNames } = render(fields);
    return {
      sent: (body['tools'] as { name: string }[]).map(({ name }) => name),
      back: Object.fromEntries([...toolNames!].map(([sent, { name }]) => [sent, name])),
    };
  };

  test('legal names go as they are, others are changed and can be changed back', () => {
    const long = 'x'.repeat(80);
    expect(namesOf({ tools: [tool('my tool'), tool('ok-1'), tool('2fast'), tool(long), tool('')] })).toEqual({
      sent: ['my_tool', 'ok-1', '2fast', 'x'.repeat(64), 'tool'],
      back: { my_tool: 'my tool', ['x'.repeat(64)]: long, tool: '' },
    });
  });

  test('two names never become one', () => {
    const long = 'x'.repeat(70);
    expect(namesOf({ tools: [tool('a b'), tool('a_b'), tool('a.b'), tool(`${long}1`), tool(`${long}2`)] })).toEqual({
      sent: ['a_b_2', 'a_b', 'a_b_3', 'x'.repeat(64), `${'x'.repeat(62)}_2`],
      back: { a_b_2: 'a b', a_b_3: 'a.b', ['x'.repeat(64)]: `${long}1`, [`${'x'.repeat(62)}_2`]: `${long}2` },
    });
  });

  test('a tool named like the hosted search makes room for it', () => {
    expect(namesOf({ tools: [tool('web_search')], webSearch: true })).toEqual({
      sent: ['web_search_2', 'web_search'],
      back: { web_search_2: 'web_search' },
    });
  });

  test('choice and history use the changed name', () => {
    const { body } = render({ tools: [tool('my tool')], toolChoice: { type: 'tool', name: 'my tool' }, messages: called('my tool') });
    expect(body['tool_choice']).toEqual({ type: 'tool', name: 'my_tool' });
    expect(JSON.stringify(body['messages'])).toContain('"name":"my_tool"');
  });
});
