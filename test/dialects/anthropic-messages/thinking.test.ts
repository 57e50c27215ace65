import { describe, expect, test } from 'vitest';
import type { AssistantPart, Message, ReasoningEffort, ReasoningSettings } from '../../../src-main/domain/conversation.ts';
import { user } from '../../support/chat-request.ts';
import { render, toolResult } from './fixtures.ts';

const shown = { type: 'adaptive', display: 'summarized' };

function steer(model: string, reasoning: ReasoningSettings | null, fields = {}) {
  const { body, lost } = render({ reasoning, stream: true, ...fields }, model);
  return {
    thinking: body['thinking'],
    effort: (body['output_config'] as { effort?: string } | undefined)?.effort,
    max: body['max_tokens'],
    lost,
  };
}

const byEffort = (effort: ReasoningEffort): ReasoningSettings => ({ effort, budgetTokens: null });
const byBudget = (budgetTokens: number): ReasoningSettings => ({ effort: null, budgetTokens });

describe('effort on models that decide themselves', () => {
  test.each<[string, ReasoningEffort, unknown, string | undefined, string[]]>([
    ['claude-opus-5-5', 'none', undefined, 'low', ['reasoning.effort']],
    ['claude-fable-5-1', 'none', undefined, 'low', ['reasoning.effort']],
    ['claude-opus-6', 'none', undefined, 'low', ['reasoning.effort']],
    ['claude-sonnet-5-5', 'none', { type: 'between_tools' }, undefined, ['reasoning.effort']],
    ['claude-haiku-5-5', 'none', { type: 'disabled' }, undefined, []],
    ['claude-opus-5', 'none', { type: 'disabled' }, undefined, []],
    ['claude-opus-4-7', 'none', { type: 'disabled' }, undefined, []],
    ['claude-opus-4-7', 'minimal', shown, 'low', ['reasoning.effort']],
    ['claude-opus-4-7', 'medium', shown, 'medium', []],
    ['claude-opus-4-7', 'xhigh', shown, 'xhigh', []],
    ['claude-opus-4-7', 'max', shown, 'max', []],
    ['claude-opus-4-6', 'xhigh', shown, 'high', ['reasoning.effort']],
    ['claude-opus-4-6', 'max', shown, 'max', []],
    ['claude-sonnet-5', 'low', shown, 'low', []],
  ])('X18: %s at %s', (model, effort, thinking, level, lost) => {
    expect(steer(model, byEffort(effort))).toEqual({ thinking, effort: level, max: 32_000, lost });
  });

  test('nothing said, nothing sent', () => {
    for (const model of ['claude-opus-5-5', 'claude-opus-4-7', 'claude-sonnet-4-5']) {
      expect(steer(model, null)).toEqual({ thinking: undefined, effort: undefined, max: 32_000, lost: [] });
    }
  });

  test.each<[number, unknown, string | undefined]>([
    [-1, shown, undefined],
    [0, { type: 'disabled' }, undefined],
    [1024, shown, 'low'],
    [4096, shown, 'medium'],
    [16_384, shown, 'high'],
    [32_000, shown, 'xhigh'],
  ])('a budget of %i tokens', (budget, thinking, effort) => {
    expect(steer('claude-opus-4-7', byBudget(budget))).toMatchObject({ thinking, effort, lost: [] });
  });
});

describe('budgets on older models', () => {
  test.each<[ReasoningSettings, unknown, number, string[]]>([
    [byEffort('none'), { type: 'disabled' }, 32_000, []],
    [byEffort('minimal'), { type: 'enabled', budget_tokens: 1024 }, 33_024, []],
    [byEffort('low'), { type: 'enabled', budget_tokens: 2048 }, 34_048, []],
    [byEffort('medium'), { type: 'enabled', budget_tokens: 8192 }, 40_192, []],
    [byEffort('high'), { type: 'enabled', budget_tokens: 16_384 }, 48_384, []],
    [byEffort('xhigh'), { type: 'enabled', budget_tokens: 32_768 }, 64_000, []],
    [byEffort('max'), { type: 'enabled', budget_tokens: 60_000 }, 64_000, []],
    [byBudget(5000), { type: 'enabled', budget_tokens: 5000 }, 37_000, []],
    [byBudget(500), { type: 'enabled', budget_tokens: 1024 }, 32_500, ['reasoning']],
    [byBudget(-1), { type: 'enabled', budget_tokens: 8192 }, 40_192, []],
    [byBudget(0), { type: 'disabled' }, 32_000, []],
  ])('X18: %j', (reasoning, thinking, max, lost) => {
    expect(steer('claude-haiku-4-5', reasoning)).toEqual({ thinking, effort: undefined, max, lost });
  });

  test('the budget stays below the limit the caller set, and thinking is off where it does not fit', () => {
    expect(steer('claude-haiku-4-5', byEffort('high'), { maxOutputTokens: 4000 })).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 3999 },
      max: 4000,
      lost: ['reasoning'],
    });
    expect(steer('claude-haiku-4-5', byEffort('high'), { maxOutputTokens: 1000 })).toMatchObject({
      thinking: { type: 'disabled' },
      max: 1000,
      lost: ['reasoning'],
    });
  });

  test('a model that cannot think says so', () => {
    expect(steer('claude-3-haiku-20240307', byEffort('high'))).toMatchObject({ thinking: undefined, lost: ['reasoning'] });
    expect(steer('claude-3-haiku-20240307', byEffort('none'))).toMatchObject({ thinking: undefined, lost: [] });
  });
});

describe('reasoning round trip', () => {
  const origin = { dialect: 'anthropic-messages', model: 'claude-haiku-4-5' };
  const signed = (text: string): AssistantPart => ({ type: 'reasoning', text, signature: `sig-${text}+/=`, origin });
  const redacted: AssistantPart = { type: 'reasoning', text: '', redactedData: 'opaque+/=', origin };
  const call = (id: string): AssistantPart => ({ type: 'tool-call', id, name: 'f', argumentsText: '{}' });
  const says = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
  const thinkingBlock = (text: string) => ({ type: 'thinking', thinking: text, signature: `sig-${text}+/=` });
  const toolUse = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
  const turnOf = (messages: Message[], model = 'claude-haiku-4-5') => {
    const { body, lost } = render({ messages, reasoning: byEffort('low') }, model);
    return { turns: body['messages'] as { content: unknown[] }[], thinking: body['thinking'], lost };
  };

  test('X5 X6: thinking goes back byte for byte, in its place among interleaved calls', () => {
    const { turns, thinking, lost } = turnOf([
      user('go'),
      says(signed('one'), call('c1'), redacted, call('c2')),
      toolResult('c1', 'r'),
      toolResult('c2', 'r'),
    ]);
    expect(turns[1]?.content).toEqual([
      thinkingBlock('one'),
      toolUse('c1'),
      { type: 'redacted_thinking', data: 'opaque+/=' },
      toolUse('c2'),
    ]);
    expect(thinking).toEqual({ type: 'enabled', budget_tokens: 2048 });
    expect(lost).toEqual([]);
  });

  test('thinking whose text was omitted goes back with its signature alone', () => {
    const { turns } = turnOf([
      user('go'),
      says({ type: 'reasoning', text: '', signature: 'sig', origin }, call('c1')),
      toolResult('c1', 'r'),
    ]);
    expect(turns[1]?.content[0]).toEqual({ type: 'thinking', thinking: '', signature: 'sig' });
  });

  test.each<[string, AssistantPart]>([
    ['another vendor', { type: 'reasoning', text: 'x', signature: 's', origin: { dialect: 'gemini-generate', model: 'claude-haiku-4-5' } }],
    ['another model', { type: 'reasoning', text: 'x', signature: 's', origin: { ...origin, model: 'claude-opus-5' } }],
    ['nobody', { type: 'reasoning', text: 'x', origin }],
    ['an unknown signer', { type: 'reasoning', text: 'x', signature: 's' }],
  ])('X7: reasoning signed by %s is dropped, and thinking is off in its tool loop', (_name, part) => {
    const { turns, thinking, lost } = turnOf([user('go'), says(part, call('c1')), toolResult('c1', 'r')]);
    expect(turns[1]?.content).toEqual([toolUse('c1')]);
    expect(thinking).toEqual({ type: 'disabled' });
    expect(lost).toEqual(['reasoning', 'messages[1].parts[0]']);
  });

  test('X5: a tool loop that lost its thinking turns thinking off on budget models only', () => {
    const messages = [user('go'), says({ type: 'text', text: 'ok' }, call('c1')), toolResult('c1', 'r')];
    expect(turnOf(messages)).toMatchObject({ thinking: { type: 'disabled' }, lost: ['reasoning'] });
    expect(turnOf(messages, 'claude-opus-4-7')).toMatchObject({ thinking: shown, lost: [] });
  });

  test('X5: only the first answer of a loop has to begin with thinking', () => {
    const messages = [user('go'), says(signed('one'), call('c1')), toolResult('c1', 'r'), says(call('c2')), toolResult('c2', 'r')];
    expect(turnOf(messages)).toMatchObject({ thinking: { type: 'enabled' }, lost: [] });
  });

  test('a finished tool loop without thinking does not matter', () => {
    const messages = [user('go'), says(call('c1')), toolResult('c1', 'r'), says({ type: 'text', text: 'done' }), user('next')];
    expect(turnOf(messages)).toMatchObject({ thinking: { type: 'enabled' }, lost: [] });
  });

  test('X7: signatures of another vendor on texts and calls are losses', () => {
    const parts: AssistantPart[] = [
      { type: 'text', text: 'a', signature: 's' },
      { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{}', signature: 's' },
    ];
    const { lost } = render({ messages: [user('go'), { role: 'assistant', parts }, toolResult('c1', 'r')] });
    expect(lost).toEqual(['messages[1].parts[0].signature', 'messages[1].parts[1].signature']);
  });

  test('a prefill is not sent to a model that thinks', () => {
    const { turns } = turnOf([user('go'), says({ type: 'text', text: '{' })]);
    expect(turns.at(-1)).toEqual({ role: 'user', content: [{ type: 'text', text: 'Continue.' }] });
  });
});
