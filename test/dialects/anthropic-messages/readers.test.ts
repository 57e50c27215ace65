import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../../src-main/dialects/anthropic-messages.ts';
import { block, messageEnd, messageStart, text, wireBytes } from './wire-stream.ts';

const { readReply, readStream, endsStream } = anthropicMessages;

describe('readReply', () => {
  test('reads the facts of a message without its content', () => {
    const body = {
      model: 'claude-opus-5',
      id: 'msg_1',
      type: 'message',
      content: [{ type: 'text', text: '"usage":{"input_tokens":999}' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 4 },
    };
    expect(readReply(Buffer.from(JSON.stringify(body, null, 2)))).toMatchObject({
      usage: { inputUncached: 3, outputText: 4 },
      responseId: 'msg_1',
      model: 'claude-opus-5',
      finishReason: 'end_turn',
    });
  });

  test.each([
    ['a token count bills nothing', { input_tokens: 2095 }],
    ['a model page is no answer', { type: 'model', id: 'claude-opus-5', display_name: 'Claude' }],
    ['an error has no facts', { type: 'error', error: { type: 'api_error', message: 'x' } }],
  ])('%s', (_name, body) => {
    expect(readReply(Buffer.from(JSON.stringify(body)))).toEqual({ usage: null, responseId: null, model: null, finishReason: null });
  });

  test.each([[''], ['<html></html>'], ['{"usage":'], ['[1]']])('%j has no facts', (body) => {
    expect(readReply(Buffer.from(body)).usage).toBeNull();
  });
});

const stream = [
  messageStart({ input_tokens: 100, output_tokens: 1 }),
  { type: 'ping' },
  ...block(0, { type: 'text', text: '' }, [
    text('event: message_stop\ndata: {"type":"message_stop"}\n\n"message_delta"'),
    text('error'),
    text('message_delta'),
    text('北京😀'),
  ]),
  { type: 'message_delta', delta: { stop_reason: null }, usage: { input_tokens: 30, output_tokens: 5 } },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { input_tokens: 20, cache_read_input_tokens: 80, output_tokens: 42 },
  },
  { type: 'message_stop' },
];

describe('readStream', () => {
  test('S16: takes usage from the start and the last delta, whatever the text says', () => {
    const facts = readStream([wireBytes(stream)]);
    expect(facts).toMatchObject({ responseId: 'msg_1', model: 'claude-opus-5', finishReason: 'end_turn', complete: true, fault: null });
    expect(facts.usage).toMatchObject({ inputUncached: 20, inputCacheRead: 80, outputText: 42, flags: [] });
  });

  test('S11 S12: facts are the same in any pieces, with CR LF, and with padded JSON', () => {
    const bytes = wireBytes(stream);
    const whole = readStream([bytes]);
    for (let at = 1; at < bytes.length; at += 7) expect(readStream([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    const crlf = Buffer.from(bytes.toString().replaceAll('\n', '\r\n').replaceAll('"}\r\n', '"   }\r\n'));
    expect(readStream([crlf])).toEqual(whole);
  });

  test('S8: a stream cut before message_stop is not complete and keeps what had arrived', () => {
    const facts = readStream([wireBytes(stream.slice(0, 5))]);
    expect(facts).toMatchObject({ complete: false, finishReason: null, fault: null, responseId: 'msg_1' });
    expect(facts.usage).toMatchObject({ inputUncached: 100, outputText: null, flags: ['usage_partial'] });
  });

  test('a last line that is cut is not read', () => {
    const bytes = wireBytes(stream);
    const cut = bytes.subarray(0, bytes.lastIndexOf('"output_tokens":42') + 5);
    expect(readStream([cut])).toMatchObject({ complete: false, usage: { inputUncached: 30, outputText: 5 } });
  });

  test('S9: an error event after 200 is a fault with the status of its type', () => {
    const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } };
    const facts = readStream([wireBytes([...stream.slice(0, 5), error])]);
    expect(facts).toMatchObject({ complete: false, fault: { status: 429, kind: 'rate-limit', message: 'Slow down' } });
  });

  test('no bytes, no facts', () => {
    expect(readStream([])).toEqual({ usage: null, responseId: null, model: null, finishReason: null, complete: false, fault: null });
  });
});

describe('endsStream', () => {
  const tail = (events: Parameters<typeof wireBytes>[0]) => wireBytes(events).subarray(-256);

  test('message_stop ends the stream, padded or not', () => {
    expect(endsStream(tail(stream))).toBe(true);
    expect(endsStream(Buffer.from('event: message_stop\r\ndata: {"type" : "message_stop"     }\r\n\r\n'))).toBe(true);
  });

  test('an error event ends it too', () => {
    expect(endsStream(tail([...stream.slice(0, 5), { type: 'error', error: { type: 'api_error', message: 'x' } }]))).toBe(true);
  });

  test('text that speaks of the end does not', () => {
    expect(endsStream(tail(stream.slice(0, 4)))).toBe(false);
    expect(endsStream(tail(stream.slice(0, -1)))).toBe(false);
    expect(endsStream(Buffer.from('event: error\ndata: {"type":"err'))).toBe(false);
  });

  test('agrees with messageEnd as other tests use it', () => {
    expect(endsStream(wireBytes(messageEnd('end_turn')))).toBe(true);
  });
});
