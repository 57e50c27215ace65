import { describe, expect, it } from 'vitest';
import { readGeminiUsage } from '../../../src-main/dialects/gemini-generate/usage.ts';

function read(metadata: unknown) {
  const usage = readGeminiUsage(metadata);
  if (usage === null) return null;
  const reported = Object.entries(usage).filter(([key, value]) => key !== 'raw' && value !== null && key !== 'flags');
  return { ...Object.fromEntries(reported), ...(usage.flags.length > 0 && { flags: usage.flags }) };
}

describe('Gemini usage', () => {
  it.each([
    [
      'T3: thoughts beside candidates',
      { promptTokenCount: 7477, candidatesTokenCount: 2060, thoughtsTokenCount: 1939, totalTokenCount: 11476 },
      { inputUncached: 7477, outputText: 2060, outputReasoning: 1939 },
    ],
    [
      'thoughts folded into candidates, told by the total',
      { promptTokenCount: 100, candidatesTokenCount: 300, thoughtsTokenCount: 200, totalTokenCount: 400 },
      { inputUncached: 100, outputText: 100, outputReasoning: 200 },
    ],
    [
      'cached tokens within the prompt',
      {
        promptTokenCount: 250000,
        cachedContentTokenCount: 100000,
        candidatesTokenCount: 1500,
        thoughtsTokenCount: 500,
        totalTokenCount: 252000,
      },
      { inputUncached: 150000, inputCacheRead: 100000, outputText: 1500, outputReasoning: 500 },
    ],
    [
      'tool-use prompt as extra input',
      {
        promptTokenCount: 1000,
        cachedContentTokenCount: 400,
        toolUsePromptTokenCount: 30,
        candidatesTokenCount: 50,
        thoughtsTokenCount: 200,
        totalTokenCount: 1280,
      },
      { inputUncached: 630, inputCacheRead: 400, outputText: 50, outputReasoning: 200 },
    ],
    [
      'zero candidates left out by proto3',
      { promptTokenCount: 10, thoughtsTokenCount: 90, totalTokenCount: 100 },
      { inputUncached: 10, outputText: 0, outputReasoning: 90 },
    ],
    [
      'an early chunk: output not known apart from the total',
      { promptTokenCount: 10, totalTokenCount: 10 },
      { inputUncached: 10, outputText: 0 },
    ],
    ['embedding: no total, no output', { promptTokenCount: 5 }, { inputUncached: 5 }],
    [
      'audio in its own bucket, images at the text rate',
      {
        promptTokenCount: 1000,
        candidatesTokenCount: 10,
        totalTokenCount: 1010,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 600 },
          { modality: 'AUDIO', tokenCount: 300 },
          { modality: 'IMAGE', tokenCount: 100 },
        ],
      },
      { inputUncached: 700, inputAudio: 300, outputText: 10 },
    ],
    [
      'cached audio stays cached',
      {
        promptTokenCount: 1000,
        cachedContentTokenCount: 500,
        candidatesTokenCount: 10,
        totalTokenCount: 1010,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 600 },
          { modality: 'AUDIO', tokenCount: 400 },
        ],
        cacheTokensDetails: [
          { modality: 'TEXT', tokenCount: 200 },
          { modality: 'AUDIO', tokenCount: 300 },
        ],
      },
      { inputUncached: 400, inputCacheRead: 500, inputAudio: 100, outputText: 10 },
    ],
    [
      'audio output',
      {
        promptTokenCount: 10,
        candidatesTokenCount: 50,
        totalTokenCount: 60,
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 40 }],
      },
      { inputUncached: 10, outputText: 10, outputAudio: 40 },
    ],
    [
      'flex traffic',
      { promptTokenCount: 1, totalTokenCount: 1, trafficType: 'ON_DEMAND_FLEX' },
      { inputUncached: 1, outputText: 0, serviceTier: 'flex' },
    ],
    [
      'priority traffic',
      { promptTokenCount: 1, totalTokenCount: 1, trafficType: 'ON_DEMAND_PRIORITY' },
      { inputUncached: 1, outputText: 0, serviceTier: 'priority' },
    ],
    ['int64 as text', { promptTokenCount: '12', totalTokenCount: '12' }, { inputUncached: 12, outputText: 0 }],
    [
      'numbers that do not add up',
      { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 99 },
      { inputUncached: 10, outputText: 5, outputReasoning: 7, flags: ['usage_inconsistent'] },
    ],
    [
      'more cached than prompt: clamped',
      { promptTokenCount: 10, cachedContentTokenCount: 20, totalTokenCount: 10 },
      { inputUncached: 0, inputCacheRead: 20, outputText: 0, flags: ['usage_inconsistent'] },
    ],
    ['S4: details without counts', { promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }] }, null],
    ['not an object', 'usage', null],
  ])('%s', (_name, metadata, expected) => {
    expect(read(metadata)).toEqual(expected);
  });

  it('keeps the raw object for re-pricing', () => {
    const metadata = { promptTokenCount: 1, totalTokenCount: 1, novel: [1] };
    expect(readGeminiUsage(metadata)?.raw).toBe(metadata);
  });
});
