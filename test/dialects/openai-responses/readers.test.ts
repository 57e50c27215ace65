import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../src-main/dialects/openai-responses.ts';

const usage = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 3,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 8,
};
const response = (status: string, rest: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  status,
  model: 'gpt-6-luna',
  output: [],
  usage: null,
  ...rest,
});
const output = [{ type: 'message', content: [{ type: 'output_text', text: '北京😀 "total_tokens": 9 event: error' }] }];
const frame = (type: string, data: object = {}, end = '\n') =>
  Buffer.from(`event: ${type}${end}data: ${JSON.stringify({ type, sequence_number: 0, ...data })}${end}${end}`);
const created = (end = '\n') => frame('response.created', { response: response('in_progress') }, end);
const delta = (end = '\n') => frame('response.output_text.delta', { delta: '北京😀' }, end);
const completed = (end = '\n') =>
  frame('response.completed', { response: response('completed', { output, usage, service_tier: 'default' }) }, end);

describe('readReply', () => {
  it('reads a response without parsing its output', () => {
    const facts = openaiResponses.readReply(Buffer.from(JSON.stringify(response('completed', { output, usage }))));
    expect(facts).toMatchObject({
      responseId: 'resp_1',
      model: 'gpt-6-luna',
      finishReason: 'completed',
      usage: { inputUncached: 5, outputText: 3 },
    });
  });

  it('tells why a response is incomplete', () => {
    const body = response('incomplete', { incomplete_details: { reason: 'max_output_tokens' }, usage });
    expect(openaiResponses.readReply(Buffer.from(JSON.stringify(body))).finishReason).toBe('max_output_tokens');
  });

  it.each(['', 'x', '[]', '{"usage":'])('tolerates %j', (body) => {
    expect(openaiResponses.readReply(Buffer.from(body))).toEqual({ usage: null, responseId: null, model: null, finishReason: null });
  });
});

describe('readStream', () => {
  it.each(['\n', '\r\n'])('S11: reads the completed response, split at every byte, lines ending in %j', (end) => {
    const bytes = Buffer.concat([created(end), delta(end), completed(end)]);
    for (let at = 0; at <= bytes.length; at++) {
      const facts = openaiResponses.readStream([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(facts).toMatchObject({ complete: true, fault: null, responseId: 'resp_1', finishReason: 'completed' });
      expect(facts.usage).toMatchObject({ inputUncached: 5, inputCacheRead: 0, outputText: 3, serviceTier: 'default' });
    }
  });

  it('reads an incomplete response', () => {
    const last = frame('response.incomplete', {
      response: response('incomplete', { incomplete_details: { reason: 'content_filter' }, usage }),
    });
    expect(openaiResponses.readStream([created(), last])).toMatchObject({
      complete: true,
      finishReason: 'content_filter',
      usage: { outputText: 3 },
    });
  });

  it('S9: reads a failed response with its usage', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Please try again in 11.05s.' };
    const facts = openaiResponses.readStream([created(), frame('response.failed', { response: response('failed', { error, usage }) })]);
    expect(facts).toMatchObject({ complete: true, finishReason: 'failed', usage: { inputUncached: 5 } });
    expect(facts.fault).toMatchObject({ kind: 'rate-limit', status: 429, providerCode: 'rate_limit_exceeded', retryAfterMs: 11_050 });
  });

  it('S9: reads the flat error event', () => {
    const facts = openaiResponses.readStream([created(), frame('error', { code: 'server_error', message: 'Oops.', param: null })]);
    expect(facts).toMatchObject({
      complete: true,
      usage: null,
      fault: { kind: 'server', status: 500, message: 'Oops.', providerType: null },
    });
  });

  it('S8: takes a stream without terminal event as cut, and still names it', () => {
    const facts = openaiResponses.readStream([created(), ...Array.from({ length: 20 }, () => delta())]);
    expect(facts).toEqual({ complete: false, fault: null, usage: null, finishReason: null, responseId: 'resp_1', model: 'gpt-6-luna' });
  });

  it('takes a terminal event cut in the middle as cut', () => {
    const bytes = Buffer.concat([created(), completed().subarray(0, -20)]);
    expect(openaiResponses.readStream([bytes])).toMatchObject({ complete: false, responseId: 'resp_1' });
  });

  it('looks past what servers add behind the end', () => {
    expect(openaiResponses.readStream([completed(), Buffer.from('data: [DONE]\n\n')])).toMatchObject({
      complete: true,
      usage: { outputText: 3 },
    });
  });

  it('reads a reply that was not streamed after all', () => {
    expect(openaiResponses.readStream([Buffer.from(JSON.stringify(response('completed', { usage })))])).toMatchObject({
      complete: true,
      usage: { outputText: 3 },
    });
    expect(openaiResponses.readStream([Buffer.from('{"error":{"message":"No.","code":"server_error"}}')])).toMatchObject({
      complete: false,
      fault: { message: 'No.' },
    });
  });

  it.each(['', 'data:', '\r\n\r\n', 'data: {"type":"response.completed"'])('tolerates %j', (text) => {
    expect(openaiResponses.readStream([Buffer.from(text)])).toMatchObject({ complete: false, usage: null });
  });
});

describe('endsStream', () => {
  const long = completed();
  it.each([
    ['the tail of a long completed event', Buffer.concat([created(), long]).subarray(-256), true],
    ['the first event', created(), false],
    ['text that imitates an end', frame('response.output_text.done', { text: 'event: error "total_tokens": 9 "type":"error"' }), false],
    ['a failed response without usage', frame('response.failed', { response: response('failed') }), true],
    ['an error event', frame('error', { code: 'x', message: 'y' }), true],
  ])('%s', (_name, tail, expected) => {
    expect(openaiResponses.endsStream(tail)).toBe(expected);
  });
});
