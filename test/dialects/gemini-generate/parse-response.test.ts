import { describe, expect, it } from 'vitest';
import { geminiGenerate } from '../../../src-main/dialects/gemini-generate.ts';
import { gemini3 } from './fixtures.ts';

const parse = (body: unknown) => geminiGenerate.upstream.parseResponse(body, gemini3);
const reply = (parts: unknown[], rest: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...rest }],
  responseId: 'r1',
  modelVersion: 'gemini-3-flash-001',
  createTime: '2026-11-23T10:00:00Z',
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
});

describe('Gemini reply', () => {
  it('keeps signed parts apart and in order, and names who signed them', () => {
    const parsed = parse(
      reply([
        { text: 'think', thought: true },
        { text: 'a', thoughtSignature: 'S1' },
        { text: 'b' },
        { functionCall: { name: 'f', args: { city: '北京😀' } }, thoughtSignature: 'S2' },
        { functionCall: { name: 'g' } },
        { text: '', thoughtSignature: 'S3' },
        { text: '' },
      ]),
    );
    const origin = { dialect: 'gemini-generate', model: 'gemini-3-flash' };
    expect(parsed.choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'think', origin },
      { type: 'text', text: 'a', signature: 'S1' },
      { type: 'text', text: 'b' },
      { type: 'tool-call', id: 'call_r1_0', name: 'f', argumentsText: '{"city":"北京😀"}', signature: 'S2', signatureOrigin: origin },
      { type: 'tool-call', id: 'call_r1_1', name: 'g', argumentsText: '{}' },
      { type: 'text', text: '', signature: 'S3' },
    ]);
    expect(parsed).toMatchObject({ id: 'r1', model: 'gemini-3-flash-001', createdAt: Date.UTC(2026, 10, 23, 10) });
    expect(parsed).toMatchObject({ usage: { inputUncached: 5, outputText: 2 }, choices: [{ finishReason: 'tool-calls' }] });
  });

  it.each([
    ['STOP', 'stop', undefined],
    ['MAX_TOKENS', 'length', undefined],
    ['CONTINUATION', 'length', undefined],
    ['SAFETY', 'content-filter', 'Gemini stopped the answer: SAFETY.'],
    ['RECITATION', 'content-filter', 'Gemini stopped the answer: RECITATION.'],
    ['IMAGE_SAFETY', 'content-filter', 'Gemini stopped the answer: IMAGE_SAFETY.'],
    ['MODEL_ARMOR', 'content-filter', 'Gemini stopped the answer: MODEL_ARMOR.'],
    ['MALFORMED_FUNCTION_CALL', 'malformed-tool-call', 'Gemini stopped the answer: MALFORMED_FUNCTION_CALL.'],
    ['UNEXPECTED_TOOL_CALL', 'malformed-tool-call', 'Gemini stopped the answer: UNEXPECTED_TOOL_CALL.'],
    ['OTHER', 'other', undefined],
    ['A_NEW_REASON', 'other', undefined],
    ['constructor', 'other', undefined],
  ])('finish %s', (finishReason, reason, refusalText) => {
    const choice = parse(reply([{ text: 'x' }], { finishReason })).choices[0];
    expect(choice?.finishReason).toBe(reason);
    expect(choice?.refusalText).toBe(refusalText);
  });

  it('keeps the length reason when the answer was cut behind a call', () => {
    const parts = [{ functionCall: { name: 'f' } }];
    expect(parse(reply(parts, { finishReason: 'MAX_TOKENS' })).choices[0]?.finishReason).toBe('length');
  });

  it("gives Gemini's own words for a malformed call", () => {
    const choice = parse(reply([], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call: f(' })).choices[0];
    expect(choice?.refusalText).toBe('Malformed function call: f(');
  });

  it('reads a blocked prompt', () => {
    const parsed = parse({ promptFeedback: { blockReason: 'OTHER', blockReasonMessage: 'No.' }, responseId: 'r2' });
    expect(parsed.choices).toEqual([{ parts: [], stopSequence: null, finishReason: 'content-filter', refusalText: 'No.' }]);
    expect(parsed.usage).toBeNull();
  });

  it.each([{ candidates: [{ finishReason: 'MAX_TOKENS' }] }, { candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }] }])(
    'survives a candidate without content or parts',
    (body) => {
      expect(parse(body).choices).toEqual([{ parts: [], stopSequence: null, finishReason: 'length' }]);
    },
  );

  it('sorts several candidates by index, where 0 is left out', () => {
    const candidates = [
      { index: 1, content: { parts: [{ text: 'b' }] }, finishReason: 'STOP' },
      { content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' },
    ];
    expect(parse({ candidates }).choices.map((choice) => choice.parts)).toEqual([
      [{ type: 'text', text: 'a' }],
      [{ type: 'text', text: 'b' }],
    ]);
  });

  it('reads inline images and the one element of an array', () => {
    const parsed = parse([reply([{ inlineData: { mimeType: 'image/png', data: 'AA' } }])]);
    expect(parsed.choices[0]?.parts).toEqual([{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } }]);
  });

  it("gives log probabilities in OpenAI's shape", () => {
    const token = { token: 'Hi', logProbability: -0.5 };
    const logprobsResult = { chosenCandidates: [token], topCandidates: [{ candidates: [token, { token: 'Ho', logProbability: -1 }] }] };
    expect(parse(reply([{ text: 'Hi' }], { logprobsResult })).choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'Hi',
          logprob: -0.5,
          bytes: null,
          top_logprobs: [
            { token: 'Hi', logprob: -0.5, bytes: null },
            { token: 'Ho', logprob: -1, bytes: null },
          ],
        },
      ],
      refusal: null,
    });
  });

  it.each([null, 'text', 7])('refuses %j as a reply', (body) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'upstream_bad_reply' }));
  });
});
