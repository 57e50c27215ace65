import type { ChatRequest } from '../../domain/conversation.ts';
import type { ModelCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';

interface Sampling {
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
}

/**
 * Sampling settings the model takes. Models newer than 4.6 reject them, and so does every model while it thinks; a
 * temperature or top_p of 1 is the default there and is left out without a loss.
 */
export function renderSampling(request: ChatRequest, capabilities: ModelCapabilities, thinks: boolean, lose: Lose): Sampling {
  loseUnknown(request, lose);
  const stop = request.stop.filter((sequence) => sequence.trim() !== '');
  if (stop.length < request.stop.length) lose('stop', 'Stop sequences of white space alone are not allowed.');
  const stopSequences = stop.length > 0 ? { stop_sequences: stop } : {};
  if (capabilities.sampling === 'none' || thinks) {
    const reason = thinks ? 'The model takes no sampling settings while it thinks.' : 'This model takes no sampling settings.';
    if (request.temperature !== null && request.temperature !== 1) lose('temperature', reason);
    if (request.topP !== null && request.topP !== 1) lose('topP', reason);
    if (request.topK !== null) lose('topK', reason);
    return stopSequences;
  }
  const sampling: Sampling = {};
  if (request.temperature !== null) {
    sampling.temperature = Math.min(Math.max(request.temperature, 0), 1);
    if (sampling.temperature !== request.temperature) lose('temperature', `Temperature goes from 0 to 1; ${sampling.temperature} is sent.`);
  }
  if (request.topP !== null) {
    if (request.temperature === null || capabilities.sampling === 'any') sampling.top_p = request.topP;
    else if (request.topP !== 1) lose('topP', 'This model takes temperature or top_p, not both.');
  }
  if (request.topK !== null) sampling.top_k = request.topK;
  return { ...sampling, ...stopSequences };
}

/** A penalty of 0 and logprobs of false say nothing. */
function loseUnknown(request: ChatRequest, lose: Lose): void {
  for (const field of ['frequencyPenalty', 'presencePenalty', 'seed', 'logprobs', 'topLogprobs'] as const) {
    const value = request[field];
    if (value === null || value === false || (value === 0 && field !== 'seed')) continue;
    lose(field, 'Claude models have no such setting.');
  }
}
