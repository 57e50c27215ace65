import { describe, expect, it } from 'vitest';
import { createToolCallRestorer, plainToolName, resolveToolNames, restoreToolCall } from '../../src-main/dialects/tool-names.ts';
import type { ChatEvent } from '../../src-main/domain/chat-event.ts';
import { chatRequest } from '../support/chat-request.ts';
import { tool } from './gemini-generate/fixtures.ts';

const patch = { ...tool('my patch'), custom: { format: null } };

describe('resolveToolNames', () => {
  it('X11: keeps clear of reserved names, and of a changed name that lands on them', () => {
    const request = chatRequest({ tools: [tool('web_search'), tool('web search'), tool('web_search_2')] });
    const names = resolveToolNames(request, { legalName: plainToolName, reserved: ['web_search'], wrapsCustom: true });
    expect(['web_search', 'web search', 'web_search_2'].map(names.sent)).toEqual(['web_search_3', 'web_search_4', 'web_search_2']);
  });

  it('remembers free-text tools where they are wrapped, and changed names always', () => {
    const tools = [patch, { ...patch, name: 'ok' }, tool('plain')];
    const sentTools = (wrapsCustom: boolean) => [
      ...resolveToolNames(chatRequest({ tools }), { legalName: plainToolName, wrapsCustom }).sentTools,
    ];
    expect(sentTools(true)).toEqual([
      ['my_patch', { name: 'my patch', custom: true }],
      ['ok', { name: 'ok', custom: true }],
    ]);
    expect(sentTools(false)).toEqual([['my_patch', { name: 'my patch', custom: false }]]);
  });
});

describe('restoring tool calls', () => {
  const sentTools = new Map([
    ['my_patch', { name: 'my patch', custom: true }],
    ['f_g', { name: 'f g', custom: false }],
  ]);
  const start = (choice: number, call: number, name: string): ChatEvent => ({
    type: 'tool-call-start',
    choice,
    call,
    id: `${choice}.${call}`,
    name,
  });
  const delta = (choice: number, call: number, argumentsText: string): ChatEvent => ({
    type: 'tool-call-delta',
    choice,
    call,
    argumentsText,
  });
  const end = (choice: number, call: number): ChatEvent => ({ type: 'tool-call-end', choice, call });

  it('holds free text until its call is over, among interleaved calls of several answers', () => {
    const restore = createToolCallRestorer(sentTools);
    const events = [
      [start(0, 0, 'my_patch'), start(1, 0, 'f_g'), start(0, 1, 'unknown')],
      [delta(0, 0, '{"input":"*** '), delta(1, 0, '{"input":1}'), delta(0, 1, '{}')],
      [delta(0, 0, '北京"}'), end(1, 0)],
      [end(0, 0), end(0, 1)],
    ];
    expect(events.map(restore)).toEqual([
      [{ ...start(0, 0, 'my patch'), custom: true }, start(1, 0, 'f g'), start(0, 1, 'unknown')],
      [delta(1, 0, '{"input":1}'), delta(0, 1, '{}')],
      [end(1, 0)],
      [delta(0, 0, '*** 北京'), end(0, 0), end(0, 1)],
    ]);
  });

  it.each(['', '{"input":', '{"other":"x"}', '{"input":1}', '[]'])(
    'gives %j as it is when the model did not wrap its text',
    (argumentsText) => {
      const call = { type: 'tool-call', id: 'a', name: 'my_patch', argumentsText } as const;
      expect(restoreToolCall(call, sentTools)).toEqual({ ...call, name: 'my patch', custom: true });
      const restore = createToolCallRestorer(sentTools);
      expect([start(0, 0, 'my_patch'), delta(0, 0, argumentsText), end(0, 0)].flatMap((event) => restore([event]))[1]).toEqual(
        delta(0, 0, argumentsText),
      );
    },
  );
});
