import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../../src-main/domain/chat-event.ts';
import { block, json, messageEnd, messageStart, parseEvents, parsePieces, text, wireBytes } from './wire-stream.ts';

const toolUse = (id: string, name: string, input = {}) => ({ type: 'tool_use', id, name, input });

/** Without the usage events, which have their own tests. */
function content(events: readonly ChatEvent[]): ChatEvent[] {
  return events.filter((event) => event.type !== 'usage');
}

function finishOf(events: readonly ChatEvent[]) {
  return events.find((event) => event.type === 'finish');
}

const agentTurn = [
  messageStart({ input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 }),
  { type: 'ping' },
  ...block(0, { type: 'thinking', thinking: '', signature: '' }, [
    { type: 'thinking_delta', thinking: 'Look at 北京😀' },
    { type: 'signature_delta', signature: 'sig+/==' },
  ]),
  ...block(1, { type: 'redacted_thinking', data: 'opaque' }),
  ...block(2, { type: 'text', text: '' }, [
    text('Look'),
    text('ing 😀.'),
    { type: 'citations_delta', citation: { type: 'char_location' } },
  ]),
  ...block(3, toolUse('toolu_1', 'weather'), [json(''), json('{"city":'), json('"北京"}')]),
  ...block(4, toolUse('toolu_2', 'clock'), [json('')]),
  ...messageEnd('tool_use'),
];

const agentEvents: ChatEvent[] = [
  { type: 'start', id: 'msg_1', model: 'claude-opus-5' },
  { type: 'reasoning-delta', choice: 0, text: 'Look at 北京😀' },
  { type: 'reasoning-signature', choice: 0, signature: 'sig+/==' },
  { type: 'reasoning-redacted', choice: 0, data: 'opaque' },
  { type: 'text-delta', choice: 0, text: 'Look' },
  { type: 'text-delta', choice: 0, text: 'ing 😀.' },
  { type: 'tool-call-start', choice: 0, call: 0, id: 'toolu_1', name: 'weather' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"city":' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '"北京"}' },
  { type: 'tool-call-end', choice: 0, call: 0 },
  { type: 'tool-call-start', choice: 0, call: 1, id: 'toolu_2', name: 'clock' },
  { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '{}' },
  { type: 'tool-call-end', choice: 0, call: 1 },
  { type: 'finish', choice: 0, reason: 'tool-calls', stopSequence: null },
  { type: 'end' },
];

describe('createStreamParser', () => {
  test('T7 T8 X1 X2 X4: thinking, text and two tools become events with dense tool indices', () => {
    expect(content(parseEvents(agentTurn))).toEqual(agentEvents);
  });

  test('T18: the events are the same wherever the bytes are split', () => {
    const bytes = wireBytes(agentTurn);
    const whole = parsePieces([bytes]);
    for (let at = 1; at < bytes.length; at++) {
      const split = parsePieces([bytes.subarray(0, at), bytes.subarray(at)]);
      if (JSON.stringify(split) !== JSON.stringify(whole)) expect.fail(`differs when split at byte ${at}`);
    }
  });

  test('T1: usage is told at the start and superseded by the delta', () => {
    const usages = parseEvents(agentTurn).filter((event) => event.type === 'usage');
    expect(usages.map(({ usage }) => [usage.inputUncached, usage.inputCacheRead, usage.outputText, usage.flags])).toEqual([
      [10, 5, null, ['usage_partial']],
      [10, 5, 20, []],
    ]);
  });

  test('several message_delta events: the last counters win and there is one finish', () => {
    const events = parseEvents([
      messageStart(),
      { type: 'message_delta', delta: {}, usage: { input_tokens: 30, output_tokens: 7 } },
      ...messageEnd('end_turn'),
    ]);
    const usages = events.filter((event) => event.type === 'usage');
    expect(usages.at(-1)?.usage).toMatchObject({ inputUncached: 30, outputText: 20 });
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
  });

  test('a tool whose input comes whole with its start is given as one delta', () => {
    const events = parseEvents([messageStart(), ...block(0, toolUse('t', 'f', { a: 1 })), ...messageEnd('tool_use')]);
    expect(events).toContainEqual({ type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"a":1}' });
  });

  test('thinking without text still gives its signature, and a later signature replaces the earlier', () => {
    const signatures = [
      { type: 'signature_delta', signature: 'old' },
      { type: 'signature_delta', signature: 'new' },
    ];
    const events = parseEvents([messageStart(), ...block(0, { type: 'thinking', thinking: '' }, signatures), ...messageEnd('end_turn')]);
    expect(content(events).slice(1, 2)).toEqual([{ type: 'reasoning-signature', choice: 0, signature: 'new' }]);
  });

  test('server tools, their results and unknown blocks and events do not become tool calls', () => {
    const events = parseEvents([
      messageStart(),
      ...block(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, [json('{"query":"x"}')]),
      ...block(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
      ...block(2, { type: 'compaction', content: 'summary' }, [{ type: 'compaction_delta', content: 'x' }]),
      ...block(3, { type: 'from_the_future', data: 1 }, [{ type: 'future_delta' }]),
      { type: 'future_event', value: 1 },
      ...block(4, { type: 'text', text: '' }, [text('found'), { type: 'future_delta' }]),
      ...messageEnd('end_turn'),
    ]);
    expect(content(events)).toEqual([
      { type: 'start', id: 'msg_1', model: 'claude-opus-5' },
      { type: 'text-delta', choice: 0, text: 'found' },
      { type: 'finish', choice: 0, reason: 'stop', stopSequence: null },
      { type: 'end' },
    ]);
  });

  test('a character cut in two between deltas is put together again', () => {
    const events = parseEvents([
      messageStart(),
      ...block(0, { type: 'text', text: '' }, [text('a\ud83d'), text('\ude00b')]),
      ...block(1, toolUse('t', 'f'), [json('{"a":"\ud83d'), json('\ude00"}')]),
      ...messageEnd('tool_use'),
    ]);
    const pieces = events.flatMap((event) => {
      if (event.type === 'text-delta') return [event.text];
      return event.type === 'tool-call-delta' ? [event.argumentsText] : [];
    });
    expect(pieces).toEqual(['a', '😀b', '{"a":"', '😀"}']);
  });

  test('deltas that repeat each other but for their text are read as each is alone, padded or not', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('a', 'text', '"}}', '\\', '😀', '\ud83d', '\ude00', '\n', ''));
    const delta = fc.oneof(
      piece.map((value) => text(value)),
      piece.map((value) => ({ ...text(value), note: value })),
      piece.map((thinking) => ({ type: 'thinking_delta', thinking })),
      piece.map((value) => json(value)),
      fc.constant({ type: 'signature_delta', signature: 's' }),
    );
    const steps = fc.array(
      fc.record({ spaces: fc.nat(3), event: fc.oneof(fc.record({ index: fc.nat(2), delta }), fc.record({ delta, index: fc.nat(2) })) }),
      { maxLength: 15 },
    );
    const opened = [
      messageStart(),
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_start', index: 2, content_block: toolUse('t', 'f') },
    ];
    fc.assert(
      fc.property(steps, (deltas) => {
        const frame = (value: object, spaces = 0) => Buffer.from(`data: ${JSON.stringify(value).slice(0, -1)}${' '.repeat(spaces)}}\n\n`);
        const bytes = (differ: boolean) => [
          wireBytes(opened),
          // A field that differs in each event keeps the parser from recognising a repetition.
          ...deltas.map(({ spaces, event }, at) => frame({ ...(differ && { at }), type: 'content_block_delta', ...event }, spaces)),
          wireBytes(messageEnd('end_turn')),
        ];
        expect(parsePieces(bytes(false))).toEqual(parsePieces(bytes(true)));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['end_turn', {}, { reason: 'stop', stopSequence: null }],
    ['stop_sequence', { stop_sequence: 'END' }, { reason: 'stop-sequence', stopSequence: 'END' }],
    ['max_tokens', {}, { reason: 'length', stopSequence: null }],
    ['model_context_window_exceeded', {}, { reason: 'length', stopSequence: null }],
    ['pause_turn', {}, { reason: 'pause', stopSequence: null }],
    [
      'refusal',
      { stop_details: { type: 'refusal', category: 'cyber', explanation: 'No.' } },
      { reason: 'refusal', stopSequence: null, refusalText: 'No.' },
    ],
    [
      'refusal',
      { stop_details: { type: 'refusal', category: 'bio', explanation: null } },
      { reason: 'refusal', stopSequence: null, refusalText: 'The request was refused (bio).' },
    ],
    ['refusal', {}, { reason: 'refusal', stopSequence: null }],
    ['from_the_future', {}, { reason: 'other', stopSequence: null }],
    ['constructor', {}, { reason: 'other', stopSequence: null }],
  ])('T20: stop reason %s %j', (stopReason, extra, expected) => {
    expect(finishOf(parseEvents([messageStart(), ...messageEnd(stopReason, extra)]))).toEqual({ type: 'finish', choice: 0, ...expected });
  });

  test('S9: an error event is terminal and carries the status its type stands for', () => {
    const events = parseEvents([
      messageStart(),
      ...block(0, { type: 'text', text: '' }, [text('par')]),
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' },
      ...messageEnd('end_turn'),
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { status: 529, kind: 'overloaded', message: 'Overloaded' } });
    expect(events.some((event) => event.type === 'finish' || event.type === 'end')).toBe(false);
  });

  test('S8: a stream without message_stop gives neither finish nor end', () => {
    const events = content(parseEvents(agentTurn.slice(0, -1)));
    expect(events).toEqual(agentEvents.slice(0, -2));
  });

  test('an event that is not JSON ends the answer as a server fault', () => {
    const bytes = Buffer.concat([wireBytes([messageStart()]), Buffer.from('event: content_block_delta\ndata: {"type":\n\n')]);
    expect(parsePieces([bytes]).at(-1)).toMatchObject({ type: 'error', fault: { kind: 'server' } });
  });

  test('empty data and pings of any shape pass by', () => {
    const noise = Buffer.from('event: ping\ndata: .\n\ndata:\n\ndata: null\n\n');
    const events = parsePieces([wireBytes([messageStart()]), noise, wireBytes(messageEnd('end_turn'))]);
    expect(content(events).map((event) => event.type)).toEqual(['start', 'finish', 'end']);
  });

  test('a tool call that was never closed is closed by message_stop', () => {
    const [open, fragment] = block(0, toolUse('t', 'f'), [json('{"a":1}')]);
    const events = parseEvents([messageStart(), open!, fragment!, ...messageEnd('tool_use')]);
    expect(
      content(events)
        .slice(-3)
        .map((event) => event.type),
    ).toEqual(['tool-call-end', 'finish', 'end']);
  });

  test('X11: tools carry the caller’s names, and a free-text tool its bare text', () => {
    const toolNames = new Map([
      ['my_tool', { name: 'my tool', custom: false }],
      ['apply_patch', { name: 'apply_patch', custom: true }],
    ]);
    const events = parseEvents(
      [
        messageStart(),
        ...block(0, toolUse('t1', 'my_tool'), [json('{"a":1}')]),
        ...block(1, toolUse('t2', 'apply_patch'), [json('{"input":"*** Be'), json('gin\\n"}')]),
        ...messageEnd('tool_use'),
      ],
      toolNames,
    );
    expect(content(events).slice(1, -2)).toEqual([
      { type: 'tool-call-start', choice: 0, call: 0, id: 't1', name: 'my tool' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"a":1}' },
      { type: 'tool-call-end', choice: 0, call: 0 },
      { type: 'tool-call-start', choice: 0, call: 1, id: 't2', name: 'apply_patch', custom: true },
      { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '*** Begin\n' },
      { type: 'tool-call-end', choice: 0, call: 1 },
    ]);
  });
});
