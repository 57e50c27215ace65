import { describe, expect, it } from 'vitest';
import { legalToolName } from '../../../src-main/dialects/gemini-generate/render-tools.ts';
import { geminiGenerate } from '../../../src-main/dialects/gemini-generate.ts';
import { resolveToolNames } from '../../../src-main/dialects/tool-names.ts';
import type { ChatRequest } from '../../../src-main/domain/conversation.ts';
import { chatRequest, user } from '../../support/chat-request.ts';
import { called, gemini3, tool } from './fixtures.ts';

const resolveFor = (fields: Partial<ChatRequest>) => resolveToolNames(chatRequest(fields), { legalName: legalToolName, wrapsCustom: true });
const resolve = (...names: string[]) => resolveFor({ tools: names.map((name) => tool(name)) });

describe('X11: tool names', () => {
  it.each([
    ['get weather', 'get_weather'],
    ['1st', '_1st'],
    ['天気', '__'],
    ['mcp__a.b:c-d', 'mcp__a.b:c-d'],
    ['', '_'],
    ['x'.repeat(65), 'x'.repeat(64)],
  ])('sends %j as %j', (name, sent) => {
    const names = resolve(name);
    expect(names.sent(name)).toBe(sent);
    expect(names.sentTools.get(sent)?.name).toBe(name === sent ? undefined : name);
  });

  it('keeps names apart that become alike, and never takes one that may stay', () => {
    const names = resolve('a b', 'a.b', 'a/b', 'a_b', `${'y'.repeat(64)}1`, `${'y'.repeat(64)}2`);
    expect(['a b', 'a.b', 'a/b', 'a_b'].map(names.sent)).toEqual(['a_b_2', 'a.b', 'a_b_3', 'a_b']);
    expect(names.sent(`${'y'.repeat(64)}2`)).toBe(`${'y'.repeat(62)}_2`);
    expect(new Set([...names.sentTools.values()].map(({ name }) => name)).size).toBe(4);
  });

  it('covers tools that only the history knows', () => {
    expect(resolveFor({ messages: [user('x'), called('a', 'old tool')] }).sentTools.get('old_tool')?.name).toBe('old tool');
  });

  const call = (name: string, args: object) => ({ functionCall: { id: 'a', name, args } });
  const { sentTools } = resolveFor({ tools: [{ ...tool('my patch'), custom: { format: null } }, tool('f g'), tool('h')] });
  const parts = [call('my_patch', { input: '*** 北京' }), call('f_g', { x: 1 }), call('h', {}), call('unknown', {})];
  const candidates = [{ content: { parts }, finishReason: 'STOP' }];

  it('gives names and free text back to whole answers', () => {
    const response = geminiGenerate.upstream.parseResponse({ candidates }, gemini3, sentTools);
    expect(response.choices[0]?.parts).toEqual([
      { type: 'tool-call', id: 'a', name: 'my patch', argumentsText: '*** 北京', custom: true },
      { type: 'tool-call', id: 'a', name: 'f g', argumentsText: '{"x":1}' },
      { type: 'tool-call', id: 'a', name: 'h', argumentsText: '{}' },
      { type: 'tool-call', id: 'a', name: 'unknown', argumentsText: '{}' },
    ]);
  });

  it('gives names and free text back to streams, choice by choice', () => {
    const second = { index: 1, content: { parts: [call('f_g', { input: 'x' })] }, finishReason: 'STOP' };
    const parser = geminiGenerate.upstream.createStreamParser(gemini3, sentTools);
    const events = parser({ event: null, data: JSON.stringify({ candidates: [...candidates, second] }) });
    const told = events.flatMap((event) => {
      if (event.type === 'tool-call-start') return `${event.choice}.${event.call} ${event.name}${event.custom ? ' custom' : ''}`;
      return event.type === 'tool-call-delta' ? event.argumentsText : [];
    });
    expect(told).toEqual([
      ...['0.0 my patch custom', '*** 北京', '0.1 f g', '{"x":1}', '0.2 h', '{}', '0.3 unknown', '{}'],
      ...['1.0 f g', '{"input":"x"}'],
    ]);
  });
});
