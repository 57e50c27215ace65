import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src-main/dialects/openai-chat.ts';

const reply = (body: unknown) => openaiChat.readReply(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const sse = (...chunks: unknown[]) =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
const stream = (text: string) => openaiChat.readStream([Buffer.from(text)]);
const delta = (content: string, more: object = {}) => ({
  id: 'chatcmpl-1',
  model: 'gpt-x',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
  usage: null,
  ...more,
});
const finish = { id: 'chatcmpl-1', model: 'gpt-x', service_tier: 'flex', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const counts = { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 };

describe('readReply', () => {
  it('reads a chat reply', () => {
    const facts = reply({
      id: 'chatcmpl-9',
      model: 'gpt-x-2026',
      choices: [
        { index: 0, message: { content: '"usage":{"prompt_tokens":1}', tool_calls: [{ finish_reason: 'no' }] }, finish_reason: 'length' },
      ],
      usage: counts,
      service_tier: 'priority',
    });
    expect(facts).toMatchObject({ responseId: 'chatcmpl-9', model: 'gpt-x-2026', finishReason: 'length' });
    expect(facts.usage).toMatchObject({ inputUncached: 11, outputText: 4, serviceTier: 'priority' });
  });

  it.each<[string, unknown, object]>([
    [
      'embeddings',
      { object: 'list', model: 'e', data: [{ embedding: [0.1, 0.2] }], usage: { prompt_tokens: 8, total_tokens: 8 } },
      { inputUncached: 8 },
    ],
    ['legacy completions', { id: 'cmpl-1', choices: [{ text: 'x', finish_reason: 'stop' }], usage: counts }, { outputText: 4 }],
    [
      'images',
      { created: 1, data: [{ b64_json: 'AAAA' }], usage: { input_tokens: 5, output_tokens: 9, total_tokens: 14 } },
      { outputText: 9 },
    ],
    ['transcriptions', { text: 'hi', usage: { type: 'duration', seconds: 3 } }, { inputUncached: null }],
    ['Groq', { choices: [], x_groq: { usage: counts } }, { inputUncached: 11 }],
  ])('reads the usage of %s', (_name, body, expected) => {
    expect(reply(body).usage).toMatchObject(expected);
  });

  it.each(['', 'null', '[]', '<html>', '{"usage":', '{"id":"modr-1","results":[]}', '{"usage":null}'])('of %s knows no usage', (body) => {
    expect(reply(body)).toMatchObject({ usage: null, finishReason: null });
  });
});

describe('readStream', () => {
  it('reads usage, finish reason, tier, id and model from the end', () => {
    const facts = stream(sse(delta('a'), delta('b'), finish, { id: 'chatcmpl-1', model: 'gpt-x', choices: [], usage: counts }, '[DONE]'));
    expect(facts).toMatchObject({ responseId: 'chatcmpl-1', model: 'gpt-x', finishReason: 'stop', complete: true, fault: null });
    expect(facts.usage).toMatchObject({ inputUncached: 11, outputText: 4, serviceTier: 'flex', flags: [] });
  });

  it('gives the same facts however the bytes are cut', () => {
    const bytes = Buffer.from(sse(delta('北京😀'), finish, { choices: [], usage: counts }, '[DONE]').replaceAll('\n', '\r\n'));
    const whole = openaiChat.readStream([bytes]);
    for (let at = 0; at <= bytes.length; at++) expect(openaiChat.readStream([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  });

  it('finds usage far from the end of a long stream', () => {
    const long = Array.from({ length: 500 }, (_, at) => delta(`word ${at} `));
    const facts = stream(sse(delta('', { usage: counts }), ...long, finish, '[DONE]'));
    expect(facts.usage).toMatchObject({ inputUncached: 11 });
    expect(stream(sse(...long, finish, { choices: [], usage: counts }, '[DONE]')).usage).toMatchObject({ inputUncached: 11 });
  });

  it('S3: takes the last usage, and preview usage at the start for no end', () => {
    const preview = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 } };
    expect(stream(sse(preview, delta('a'), finish, { choices: [], usage: counts }, '[DONE]')).usage).toMatchObject({ outputText: 4 });
    const cut = stream(sse(preview, delta('a')));
    expect(cut).toMatchObject({ complete: false, finishReason: null });
    expect(cut.usage?.flags).toEqual(['usage_partial']);
  });

  it('S5: sees usage beside an empty delta, and in x_groq', () => {
    expect(stream(sse(delta('a'), { ...finish, usage: counts }, '[DONE]')).usage).toMatchObject({ outputText: 4 });
    expect(stream(sse(delta('a'), { ...finish, x_groq: { usage: counts } })).usage).toMatchObject({ outputText: 4 });
  });

  it('knows an ended stream from a cut one', () => {
    expect(stream(sse(delta('a'), finish)).complete).toBe(true);
    expect(stream(sse(delta('a'), '[DONE]')).complete).toBe(true);
    expect(stream(sse(delta('a'), delta('b', { choices: [{ index: 0, delta: {}, finish_reason: '' }] }))).complete).toBe(false);
    expect(stream(sse(delta('say "finish_reason":"stop"'))).complete).toBe(false);
    expect(stream(': comment\n\n')).toMatchObject({ complete: false, responseId: null });
    expect(openaiChat.readStream([])).toMatchObject({ complete: false, usage: null });
    expect(stream(sse(delta('a')))).toMatchObject({ responseId: 'chatcmpl-1', model: 'gpt-x' });
  });

  it.each<[string, string]>([
    ['error object', sse(delta('a'), { error: { message: 'boom', code: 502 } })],
    ['error text', sse(delta('a'), { error: 'boom' })],
    ['vLLM object', sse(delta('a'), { object: 'error', message: 'boom', code: 400 })],
    ['detail', sse(delta('a'), { detail: 'boom' })],
    ['bare message', sse(delta('a'), { message: 'boom', type: 'x' })],
    ['named event', `${sse(delta('a'))}event: error\ndata: {"message":"boom"}\n\n`],
    [
      'OpenRouter, inside a chunk with choices',
      sse(delta('a', { error: { message: 'boom' }, choices: [{ finish_reason: 'error', delta: {} }] }), '[DONE]'),
    ],
    ['error of a choice', sse(delta('a', { choices: [{ index: 0, delta: {}, error: { message: 'boom' } }] }))],
    ['one JSON body instead of a stream', '{"error":{"message":"boom"}}'],
    ['the same, indented', '\n {\n "error": "boom"\n}'],
  ])('finds the fault: %s', (_name, text) => {
    expect(stream(text).fault?.message).toBe('boom');
  });

  it('takes text about errors for text', () => {
    expect(stream(sse(delta('{"error":{"message":"x"}}'), delta('', { error: null }), finish, '[DONE]')).fault).toBeNull();
  });

  it('reads a whole reply sent in place of a stream', () => {
    const facts = stream(JSON.stringify({ id: 'x', choices: [{ message: {}, finish_reason: 'stop' }], usage: counts }, null, 1));
    expect(facts).toMatchObject({ complete: true, fault: null, finishReason: 'stop', usage: { outputText: 4 } });
  });

  it('knows the end of a transcription stream', () => {
    const done = {
      type: 'transcript.text.done',
      text: 'hi',
      usage: { type: 'tokens', input_tokens: 3, output_tokens: 1, total_tokens: 4 },
    };
    expect(stream(sse({ type: 'transcript.text.delta', delta: 'hi' }, done))).toMatchObject({
      complete: true,
      usage: { inputUncached: 3 },
    });
  });

  it('survives data that is no JSON', () => {
    expect(stream('data: {"id":\n\ndata: [1]\n\ndata: "x"\n\ndata: [DONE]\n\n')).toMatchObject({ complete: true, usage: null });
  });
});

describe('endsStream', () => {
  it.each<[string, boolean]>([
    ['data: {"a":1}\n\ndata: [DONE]\n\n', true],
    ['data: {"a":1}\r\n\r\ndata:[DONE]\r\n\r\n', true],
    ['data: [DONE]', true],
    ['data: {"content":"data: [DONE]"}\n\n', false],
    ['data: {"content":"\\ndata: [DONE]\\n"}\n\n', false],
    ['data: [DON', false],
    ['', false],
  ])('of %j is %s', (tail, expected) => {
    expect(openaiChat.endsStream(Buffer.from(tail))).toBe(expected);
  });
});
