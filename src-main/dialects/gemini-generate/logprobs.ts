import type { JsonObject } from './json-value.ts';
import { readArray, readObject } from './json-value.ts';

/** `logprobsResult` of a candidate in OpenAI's shape; Google gives no bytes. undefined when none were asked for. */
export function parseLogprobs(result: JsonObject | null): unknown {
  if (result === null) return undefined;
  const top = readArray(result['topCandidates']);
  const content = readArray(result['chosenCandidates']).map((chosen, index) => ({
    ...parseToken(chosen),
    top_logprobs: readArray(readObject(top[index])?.['candidates']).map(parseToken),
  }));
  return { content, refusal: null };
}

function parseToken(value: unknown): { token: string; logprob: number; bytes: null } {
  const token = readObject(value);
  const logprob = token?.['logProbability'];
  return { token: String(token?.['token'] ?? ''), logprob: typeof logprob === 'number' ? logprob : 0, bytes: null };
}
