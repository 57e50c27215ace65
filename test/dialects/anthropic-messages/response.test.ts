import { describe, expect, test } from 'vitest';
import { parseResponse } from '../../../src-main/dialects/anthropic-messages/parse-response.ts';
import type { GatewayError } from '../../../src-main/domain/gateway-error.ts';
import { target } from './wire-stream.ts';

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-20260101',
  content: [
    { type: 'thinking', thinking: 'hm', signature: 'sig' },
    { type: 'redacted_thinking', data: 'opaque' },
    { type: 'text', text: 'Hello', citations: [{ type: 'char_location' }] },
    { type: 'text', text: '' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
    { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
    { type: 'tool_use', id: 'toolu_1', name: 'my_tool', input: { city: 'Bern' } },
    { type: 'tool_use', id: 'toolu_2', name: 'clock', input: {} },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 4 },
};

describe('parseResponse', () => {
  test('T7 T8 X5: all blocks in order; server tools are not client tool calls', () => {
    const origin = { dialect: 'anthropic-messages', model: 'claude-opus-5' };
    expect(parseResponse(message, target)).toMatchObject({
      id: 'msg_1',
      model: 'claude-opus-5-20260101',
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'hm', signature: 'sig', origin },
            { type: 'reasoning', text: '', redactedData: 'opaque', origin },
            { type: 'text', text: 'Hello' },
            { type: 'tool-call', id: 'toolu_1', name: 'my_tool', argumentsText: '{"city":"Bern"}' },
            { type: 'tool-call', id: 'toolu_2', name: 'clock', argumentsText: '{}' },
          ],
          finishReason: 'tool-calls',
          stopSequence: null,
        },
      ],
      usage: { inputUncached: 3, outputText: 4 },
    });
  });

  test('X11: tool calls carry the caller’s names', () => {
    const toolNames = new Map([
      ['my_tool', { name: 'my tool', custom: false }],
      ['clock', { name: 'clock', custom: true }],
    ]);
    const content = [message.content[6], { type: 'tool_use', id: 't', name: 'clock', input: { input: 'now' } }];
    const { parts } = parseResponse({ ...message, content }, target, toolNames).choices[0]!;
    expect(parts).toMatchObject([
      { name: 'my tool', argumentsText: '{"city":"Bern"}' },
      { name: 'clock', argumentsText: 'now', custom: true },
    ]);
  });

  test('a refusal is told with its explanation', () => {
    const refusal = {
      ...message,
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'Not this.' },
    };
    expect(parseResponse(refusal, target).choices[0]).toEqual({
      parts: [],
      finishReason: 'refusal',
      stopSequence: null,
      refusalText: 'Not this.',
    });
  });

  test.each([
    ['stop_sequence', 'END', 'stop-sequence'],
    ['pause_turn', null, 'pause'],
    ['model_context_window_exceeded', null, 'length'],
    ['tool_use', null, 'stop'],
    [null, null, 'other'],
  ])('T20: stop reason %s', (stop_reason, stop_sequence, finishReason) => {
    const answer = { ...message, content: [{ type: 'text', text: 'x' }], stop_reason, stop_sequence };
    expect(parseResponse(answer, target).choices[0]).toMatchObject({ finishReason, stopSequence: stop_sequence });
  });

  test.each([[null], ['<html>'], [{ type: 'error' }], [[]]])('%j is a bad reply', (body) => {
    expect(() => parseResponse(body, target)).toThrow(expect.objectContaining({ code: 'upstream_bad_reply' }) as GatewayError);
  });
});
