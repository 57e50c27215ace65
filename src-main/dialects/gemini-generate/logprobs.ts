import { asList, asObject, type JsonObject } from '../json-value.ts';

/** `logprobsResult` of a candidate in OpenAI's shape; Google gives no bytes. undefined when none were asked for. */
export function parseLogprobs(result: JsonObject | null): unknown {
  if (result === null) return undefined;
  const top = asList(result['topCandidates']);
  const content = asList(result['chosenCandidates']).map((chosen, index) => ({
    ...parseToken(chosen),
    top_logprobs: asList(asObject(top[index])?.['candidates']).map(parseToken),
  }));
  return { content, refusal: null };
}

function parseToken(value: unknown): { token: string; logprob: number; bytes: null } {
  const token = asObject(value);
  const logprob = token?.['logProbability'];
  return { token: String(token?.['token'] ?? ''), logprob: typeof logprob === 'number' ? logprob : 0, bytes: null };
}
