import { describe, expect, it } from 'vitest';
import { geminiGenerate } from '../../../src-main/dialects/gemini-generate.ts';

const usageMetadata = { promptTokenCount: 8, candidatesTokenCount: 3, totalTokenCount: 11 };
const chunk = (text: string, rest: object = {}) => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...rest }],
  usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
  modelVersion: 'gemini-3-flash',
  responseId: 'r1',
});
const chunks = [chunk('北京'), chunk('😀'), { ...chunk('"finishReason": "no"', { finishReason: 'STOP' }), usageMetadata }];
const sse = (...values: unknown[]) => Buffer.from(values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`).join(''));
const array = (...values: unknown[]) => Buffer.from(`[${values.map((value) => JSON.stringify(value, null, 2)).join('\r\n,\r\n')}\r\n]\r\n`);
const overloaded = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };

describe('readReply', () => {
  it('reads a generateContent reply', () => {
    const facts = geminiGenerate.readReply(Buffer.from(JSON.stringify(chunks[2])));
    expect(facts).toMatchObject({
      responseId: 'r1',
      model: 'gemini-3-flash',
      finishReason: 'STOP',
      usage: { inputUncached: 8, outputText: 3 },
    });
  });

  it('reads a reply that is the one element of an array', () => {
    const facts = geminiGenerate.readReply(Buffer.from(` [\n${JSON.stringify(chunks[2])}]`));
    expect(facts).toMatchObject({ responseId: 'r1', usage: { inputUncached: 8 } });
  });

  it.each([
    ['countTokens', { totalTokens: 31 }, null, null],
    ['embedContent', { embedding: { values: [0.1] }, usageMetadata: { promptTokenCount: 4 } }, 4, null],
    ['batchEmbedContents', { embeddings: [{ values: [0.1] }] }, null, null],
    [
      'a blocked prompt',
      { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } },
      9,
      'SAFETY',
    ],
  ])('reads %s', (_name, body, input, finishReason) => {
    const facts = geminiGenerate.readReply(Buffer.from(JSON.stringify(body)));
    expect(facts.usage?.inputUncached ?? null).toBe(input);
    expect(facts.finishReason).toBe(finishReason);
  });

  it.each(['', 'not json', '[]', 'null', '{"usageMetadata":'])('tolerates %j', (body) => {
    expect(geminiGenerate.readReply(Buffer.from(body))).toEqual({ usage: null, responseId: null, model: null, finishReason: null });
  });

  it.each([
    ['gemini-3-flash', 2],
    ['gemini-2.5-flash', 1],
  ])('counts the searches %s bills', (modelVersion, searches) => {
    const groundingMetadata = { webSearchQueries: ['a', 'b', 'a'] };
    const body = { candidates: [{ groundingMetadata, finishReason: 'STOP' }], usageMetadata, modelVersion };
    expect(geminiGenerate.readReply(Buffer.from(JSON.stringify(body))).usage?.webSearches).toBe(searches);
  });
});

describe('readStream', () => {
  it.each([
    ['events with CR LF', sse(...chunks)],
    ['the JSON array that comes without alt=sse', array(...chunks)],
    [
      'events with LF',
      Buffer.from(
        sse(...chunks)
          .toString()
          .replaceAll('\r', ''),
      ),
    ],
  ])('S11: reads %s, split at every byte', (_name, bytes) => {
    for (let at = 0; at <= bytes.length; at++) {
      const facts = geminiGenerate.readStream([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(facts).toMatchObject({ complete: true, fault: null, finishReason: 'STOP', responseId: 'r1', model: 'gemini-3-flash' });
      expect(facts.usage).toMatchObject({ inputUncached: 8, outputText: 3, flags: [] });
    }
  });

  it('S8: takes a stream without finish reason as cut and keeps its partial usage', () => {
    const facts = geminiGenerate.readStream([sse(chunks[0], chunks[1])]);
    expect(facts).toMatchObject({ complete: false, finishReason: null, usage: { inputUncached: 8, flags: ['usage_partial'] } });
  });

  it('keeps the usage of the last chunk and never sums', () => {
    const growing = [1, 2, 3].map((n) => ({
      ...chunk('x'),
      usageMetadata: { promptTokenCount: 8, candidatesTokenCount: n, totalTokenCount: 8 + n },
    }));
    expect(geminiGenerate.readStream([sse(...growing)]).usage?.outputText).toBe(3);
  });

  it('finds a finish reason that is followed by another chunk', () => {
    expect(geminiGenerate.readStream([sse(chunks[2], chunk(''))])).toMatchObject({ complete: true, finishReason: 'STOP' });
  });

  it('waits for every candidate to finish', () => {
    const of = (index: number, finishReason?: string) => ({
      candidates: [{ index, content: { parts: [{ text: 'x' }] }, finishReason }],
      usageMetadata,
    });
    expect(geminiGenerate.readStream([sse(of(0), of(1), of(0, 'STOP'))]).complete).toBe(false);
    expect(geminiGenerate.readStream([sse(of(0), of(1), of(0, 'STOP'), of(1, 'MAX_TOKENS'))]).complete).toBe(true);
  });

  it('takes a blocked prompt as complete', () => {
    const facts = geminiGenerate.readStream([sse({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata })]);
    expect(facts).toMatchObject({ complete: true, finishReason: 'PROHIBITED_CONTENT' });
  });

  it.each([
    ['as an event', Buffer.concat([sse(chunks[0]), sse(overloaded)])],
    ['as bare JSON', Buffer.concat([sse(chunks[0]), Buffer.from(JSON.stringify(overloaded, null, 2))])],
    ['as a bare array', Buffer.concat([sse(chunks[0]), Buffer.from(JSON.stringify([overloaded], null, 2))])],
    ['as the last element of the array', array(chunks[0], overloaded)],
  ])('S9: reports an error that arrives %s', (_name, bytes) => {
    const facts = geminiGenerate.readStream([bytes]);
    expect(facts).toMatchObject({ complete: false, fault: { status: 503, kind: 'overloaded', message: 'The model is overloaded.' } });
    expect(facts.usage?.inputUncached).toBe(8);
  });

  it.each(['', 'data: {"usageMeta', 'garbage\n{', '[{"a":'])('tolerates %j', (text) => {
    expect(geminiGenerate.readStream([Buffer.from(text)])).toMatchObject({ complete: false, usage: null });
  });
});

describe('endsStream', () => {
  it.each([
    ['the last event', sse(chunks[2]).subarray(-256), true],
    ['an event between', sse(chunks[0]), false],
    ['text that speaks of a finish reason', sse(chunk('{"finishReason": "STOP"}')), false],
    ['the end of a JSON array', array(chunks[0]).subarray(-64), true],
    ['the middle of a JSON array', array(...chunks).subarray(0, -300), false],
    ['an error event', sse(overloaded), true],
    ['a blocked prompt', sse({ promptFeedback: { blockReason: 'SAFETY' } }), true],
  ])('%s', (_name, tail, expected) => {
    expect(geminiGenerate.endsStream(tail)).toBe(expected);
  });
});
