import type { CallSummary } from '../../src-main/contract/entities.ts';

type Usage = CallSummary['usage'];

/** null when not one bucket was reported. */
function sum(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
}

export function sumInput(usage: Usage): number | null {
  const { inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, inputAudio, inputImage } = usage;
  return sum([inputUncached, inputCacheRead, inputCacheWrite5m, inputCacheWrite1h, inputAudio, inputImage]);
}

export function sumOutput({ outputText, outputReasoning, outputAudio }: Usage): number | null {
  return sum([outputText, outputReasoning, outputAudio]);
}

/** Tokens a second after the first one; null when it cannot be said. */
export function tokensPerSecond(call: Pick<CallSummary, 'usage' | 'durationMs' | 'firstByteMs' | 'stream'>): number | null {
  const output = sumOutput(call.usage);
  if (output === null || output === 0 || call.durationMs === null || call.firstByteMs === null || !call.stream) return null;
  const ms = call.durationMs - call.firstByteMs;
  return ms < 5 ? null : (output / ms) * 1000;
}
