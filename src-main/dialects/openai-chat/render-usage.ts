import { type TokenUsage, totalInput, totalOutput } from '../../domain/token-usage.ts';
import type { JsonObject } from '../json-value.ts';

/**
 * Usage with OpenAI's meaning: totals include their details, and they add up. Null when either total is unknown: SDKs
 * fail on half a usage object, and zeros would be a lie.
 */
export function renderUsage(usage: TokenUsage | null): JsonObject | null {
  if (usage === null) return null;
  const input = totalInput(usage);
  const output = totalOutput(usage);
  if (input === null || output === null) return null;
  const { inputCacheWrite5m, inputCacheWrite1h } = usage;
  const written = inputCacheWrite5m === null && inputCacheWrite1h === null ? null : (inputCacheWrite5m ?? 0) + (inputCacheWrite1h ?? 0);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...renderDetails('prompt_tokens_details', {
      cached_tokens: usage.inputCacheRead,
      cache_write_tokens: written,
      audio_tokens: usage.inputAudio,
      image_tokens: usage.inputImage,
    }),
    ...renderDetails('completion_tokens_details', {
      reasoning_tokens: usage.outputReasoning,
      audio_tokens: usage.outputAudio,
    }),
  };
}

function renderDetails(name: string, counts: Record<string, number | null>): JsonObject {
  const reported = Object.entries(counts).filter(([, count]) => count !== null);
  return reported.length === 0 ? {} : { [name]: Object.fromEntries(reported) };
}
