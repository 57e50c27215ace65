import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anthropicMessages } from '../../../src-main/dialects/anthropic-messages.ts';
import { GatewayError } from '../../../src-main/domain/gateway-error.ts';
import { parseEvents, target, wireBytes } from './wire-stream.ts';

const known = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
];
const block = fc.record(
  {
    type: fc.constantFrom('text', 'thinking', 'tool_use', 'redacted_thinking', 'future'),
    text: fc.jsonValue(),
    input: fc.jsonValue(),
    id: fc.jsonValue(),
  },
  { requiredKeys: ['type'] },
);
const wireEvent = fc.record(
  {
    type: fc.constantFrom(...known),
    index: fc.oneof(fc.nat(3), fc.jsonValue()),
    message: fc.jsonValue(),
    content_block: fc.oneof(block, fc.jsonValue()),
    delta: fc.oneof(
      fc.record({ type: fc.constantFrom('text_delta', 'input_json_delta'), text: fc.string(), partial_json: fc.string() }),
      fc.jsonValue(),
    ),
    usage: fc.jsonValue(),
  },
  { requiredKeys: ['type'] },
);

test('no stream of strange events breaks the parser or its order', () => {
  fc.assert(
    fc.property(fc.array(wireEvent, { maxLength: 12 }), (events) => {
      const types = parseEvents(events).map((event) => event.type);
      if (types.length > 0) expect(types[0]).toBe('start');
      expect(types.filter((type) => type === 'start' || type === 'end').length).toBeLessThanOrEqual(2);
      const calls = parseEvents(events).flatMap((event) => (event.type === 'tool-call-start' ? [event.call] : []));
      expect(calls).toEqual(calls.map((_, index) => index));
    }),
    { numRuns: 300 },
  );
});

test('no body and no stream breaks the readers', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(wireEvent, { maxLength: 6 }), fc.uint8Array(), (value, events, bytes) => {
      for (const body of [Buffer.from(JSON.stringify(value)), Buffer.from(bytes), wireBytes(events)]) {
        anthropicMessages.readReply(body);
        anthropicMessages.readStream([body]);
        anthropicMessages.endsStream(body);
      }
      expect(anthropicMessages.parseError(400, value).message).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

test('an answer of any shape is read or refused as a bad reply', () => {
  const answer = fc.oneof(
    fc.jsonValue(),
    fc.record({ content: fc.array(fc.oneof(block, fc.jsonValue())), usage: fc.jsonValue(), stop_reason: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(answer, (body) => {
      try {
        expect(anthropicMessages.upstream.parseResponse(body, target).choices).toHaveLength(1);
      } catch (error) {
        expect(error instanceof GatewayError && error.code).toBe('upstream_bad_reply');
      }
    }),
    { numRuns: 300 },
  );
});
