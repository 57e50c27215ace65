import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geminiGenerate } from '../../../src-main/dialects/gemini-generate.ts';
import { createSseParser } from '../../../src-main/dialects/sse.ts';
import type { ChatEvent } from '../../../src-main/domain/chat-event.ts';
import { gemini3 } from './fixtures.ts';

const meta = { modelVersion: 'gemini-3-flash', responseId: 'r1' };
const usage = (candidates: number) => ({ promptTokenCount: 5, candidatesTokenCount: candidates, totalTokenCount: 5 + candidates });
const chunk = (parts: unknown[], rest: object = {}, candidates = 1) => ({
  candidates: [{ content: { role: 'model', parts }, ...rest }],
  usageMetadata: usage(candidates),
  ...meta,
});

function parse(values: unknown[]): ChatEvent[] {
  const parser = geminiGenerate.upstream.createStreamParser(gemini3);
  const events = values.map((value) => ({ event: null, data: typeof value === 'string' ? value : JSON.stringify(value) }));
  return [...events, null].flatMap(parser);
}
const withoutUsage = (events: ChatEvent[]) => events.filter((event) => event.type !== 'usage');

describe('Gemini stream', () => {
  it('S11: gives the same events however the bytes are split', () => {
    const values = [
      chunk([{ text: 'Wetter, ', thought: true }]),
      chunk([{ text: '北京' }]),
      chunk([{ text: '😀' }], { finishReason: 'STOP' }, 7),
    ];
    const bytes = Buffer.from(values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`).join(''));
    const whole = parse(values);
    expect(whole.map((event) => event.type)).toEqual([
      'start',
      'usage',
      'reasoning-delta',
      'text-delta',
      'text-delta',
      'usage',
      'finish',
      'end',
    ]);
    for (let at = 0; at <= bytes.length; at++) {
      const sse = createSseParser();
      const parser = geminiGenerate.upstream.createStreamParser(gemini3);
      const events = [...sse.push(bytes.subarray(0, at)), ...sse.push(bytes.subarray(at)), ...sse.end(), null].flatMap(parser);
      expect(events).toEqual(whole);
    }
  });

  it('gives the last usage, once at the start and once at the end', () => {
    const events = parse([chunk([{ text: 'a' }], {}, 1), chunk([{ text: 'b' }], { finishReason: 'STOP' }, 9)]);
    const counts = events.flatMap((event) => (event.type === 'usage' ? event.usage.outputText : []));
    expect(counts).toEqual([1, 9]);
  });

  it('X1: numbers parallel calls densely, each with its whole arguments, and synthesises ids that are stable', () => {
    const call = (name: string, args?: object) => ({ functionCall: { name, ...(args && { args }) } });
    const values = [
      chunk([{ text: 'Hm' }]),
      chunk([{ ...call('a', { x: 1 }), thoughtSignature: 's==' }, call('b')], { finishReason: 'STOP' }),
    ];
    const expected = [
      { type: 'tool-call-start', choice: 0, call: 0, id: 'call_r1_0', name: 'a', signature: 's==' },
      { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"x":1}' },
      { type: 'tool-call-end', choice: 0, call: 0 },
      { type: 'tool-call-start', choice: 0, call: 1, id: 'call_r1_1', name: 'b' },
      { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '{}' },
      { type: 'tool-call-end', choice: 0, call: 1 },
      { type: 'finish', choice: 0, reason: 'tool-calls', stopSequence: null },
      { type: 'end' },
    ];
    expect(withoutUsage(parse(values)).slice(2)).toEqual(expected);
    expect(parse(values)).toEqual(parse(values));
  });

  it('keeps the id Gemini gives to a call', () => {
    const events = parse([chunk([{ functionCall: { id: 'fc-9', name: 'a' } }], { finishReason: 'STOP' })]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool-call-start', id: 'fc-9' }));
  });

  it('tells calls of different replies apart even without response ids', () => {
    const reply = (n: number) => ({
      candidates: [{ content: { parts: [{ functionCall: { name: 'a' } }] }, finishReason: 'STOP' }],
      usageMetadata: usage(n),
    });
    const idOf = (n: number) => parse([reply(n)]).flatMap((event) => (event.type === 'tool-call-start' ? event.id : []))[0];
    expect(idOf(1)).toMatch(/^call_[0-9a-f]{16}_0$/);
    expect(idOf(1)).not.toBe(idOf(2));
  });

  it('X8: hands on signatures of text, thoughts and the empty text part at the end', () => {
    const values = [
      chunk([
        { text: 'think', thought: true, thoughtSignature: 'A' },
        { text: 'say', thoughtSignature: 'B' },
      ]),
      chunk([{ text: '', thoughtSignature: 'C' }], { finishReason: 'STOP' }),
    ];
    expect(withoutUsage(parse(values)).slice(1, 6)).toEqual([
      { type: 'reasoning-delta', choice: 0, text: 'think' },
      { type: 'reasoning-signature', choice: 0, signature: 'A' },
      { type: 'text-delta', choice: 0, text: 'say' },
      { type: 'text-signature', choice: 0, signature: 'B' },
      { type: 'text-signature', choice: 0, signature: 'C' },
    ]);
  });

  it('takes a signature that comes after the finish reason', () => {
    const events = parse([chunk([{ text: 'x' }], { finishReason: 'STOP' }), chunk([{ text: '', thoughtSignature: 'Z' }])]);
    expect(withoutUsage(events).map((event) => event.type)).toEqual(['start', 'text-delta', 'text-signature', 'finish', 'end']);
  });

  it('finishes a blocked prompt as a filtered answer with its reason', () => {
    const events = parse([
      { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 }, ...meta },
    ]);
    expect(withoutUsage(events)).toEqual([
      { type: 'start', id: 'r1', model: 'gemini-3-flash' },
      { type: 'finish', choice: 0, reason: 'content-filter', stopSequence: null, refusalText: 'Gemini blocked the prompt: SAFETY.' },
      { type: 'end' },
    ]);
  });

  it('keeps several candidates apart', () => {
    const candidates = [0, 1].map((index) => ({ index, content: { parts: [{ text: `t${index}` }] }, finishReason: 'STOP' }));
    const events = withoutUsage(parse([{ candidates, ...meta }]));
    expect(events.filter((event) => event.type === 'text-delta')).toEqual([
      { type: 'text-delta', choice: 0, text: 't0' },
      { type: 'text-delta', choice: 1, text: 't1' },
    ]);
    expect(events.filter((event) => event.type === 'finish').map((event) => event.choice)).toEqual([0, 1]);
  });

  it.each([
    ['no content', {}],
    ['no parts', { content: { role: 'model' } }],
  ])('survives a candidate with %s', (_name, rest) => {
    const events = withoutUsage(parse([{ candidates: [{ finishReason: 'MAX_TOKENS', ...rest }], ...meta }]));
    expect(events.at(-2)).toEqual({ type: 'finish', choice: 0, reason: 'length', stopSequence: null });
  });

  it('gives images', () => {
    const events = parse([chunk([{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }], { finishReason: 'STOP' })]);
    expect(events).toContainEqual({ type: 'image', choice: 0, mediaType: 'image/png', data: 'AAAA' });
  });

  it('S8: ends without `end` when no finish reason came, and marks the usage as partial', () => {
    const events = parse([chunk([{ text: 'half' }])]);
    expect(events.map((event) => event.type)).toEqual(['start', 'usage', 'text-delta', 'usage']);
    expect(events.at(-1)).toMatchObject({ usage: { flags: ['usage_partial'] } });
  });

  it('S9: an error inside the stream is terminal', () => {
    const error = { error: { code: 429, message: 'Quota.', status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '2s' }] } };
    const events = parse([chunk([{ text: 'a' }]), error, chunk([{ text: 'b' }], { finishReason: 'STOP' })]);
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { status: 429, kind: 'rate-limit', retryAfterMs: 2000 } });
    expect(events.filter((event) => event.type === 'text-delta')).toHaveLength(1);
  });

  it('tells a broken event in the middle from a cut end', () => {
    expect(parse([chunk([{ text: 'a' }]), '{"candidates":[{']).at(-1)?.type).toBe('usage');
    expect(parse([chunk([{ text: 'a' }]), '{"candidates":[{', chunk([{ text: 'b' }])]).at(-1)?.type).toBe('error');
  });

  it('ignores parts and events it does not know', () => {
    const events = withoutUsage(
      parse([{ novel: 1, ...meta }, chunk([{ novel: {} }, null, 7, { executableCode: { code: '1' } }], { finishReason: 'STOP' })]),
    );
    expect(events.map((event) => event.type)).toEqual(['start', 'finish', 'end']);
  });

  it('reads chunks that repeat each other but for text and counts as it reads each alone', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('a', 'text', '"usageMetadata"', '"}]', '\\', '😀', '\ud83d', '\n', ''));
    const step = fc.oneof(
      fc.tuple(piece, fc.nat(2000)).map(([text, count]) => chunk([{ text }], {}, count)),
      fc.tuple(piece, fc.nat(2)).map(([text, index]) => chunk([{ text }], { index })),
      piece.map((text) => chunk([{ text, thought: true }])),
      piece.map((text) => chunk([{ text, thoughtSignature: 's' }])),
      piece.map((text) => chunk([{ text }], { finishReason: 'STOP' })),
      piece.map((text) => ({ ...chunk([{ text }]), usageMetadata: undefined })),
      fc.constant(chunk([{ functionCall: { name: 'f', args: {} } }])),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const distinct = steps.map((value, at) => ({ padding: at, ...value }));
        expect(parse(steps)).toEqual(parse(distinct));
      }),
      { numRuns: 500 },
    );
  });
});
