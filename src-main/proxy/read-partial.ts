import type { ReplyFacts } from '../dialects/dialect.ts';
import type { Dialects } from '../dialects/registry.ts';
import { addFlag, emptyUsage } from '../domain/token-usage.ts';
import type { KeptAnswer } from './kept-answer.ts';
import type { OpenCall } from './open-call.ts';

/** English text and code come to about four bytes a token; only used where a provider will never tell. */
const bytesPerToken = 4;

/**
 * What is known of an answer that was broken off: the provider's own numbers as far as they came, else an estimate from
 * the bytes, flagged as such. A call that the provider had not begun to answer has no usage at all.
 */
export function readPartial(dialects: Dialects, call: OpenCall): Partial<ReplyFacts> | null {
  if (call.target === null || !call.started) return null;
  const answered = call.attempts.some(({ status }) => status !== null && status < 400);
  if (!answered && call.responseBytes === 0) return null;
  const kept = call.received.chunks.length > 0 ? call.received : call.sent;
  const facts = dialects[call.target.upstreamDialect].readStream(kept.chunks);
  const reported = facts.usage ?? call.usage;
  const tokensOut = estimateOutput(kept, call.responseBytes);
  const usage =
    reported === null
      ? {
          ...emptyUsage(),
          inputUncached: Math.ceil((call.body?.length ?? 0) / bytesPerToken),
          outputText: tokensOut,
          flags: ['usage_estimated' as const, 'usage_partial' as const],
        }
      : {
          ...reported,
          outputText: tokensOut === null ? reported.outputText : Math.max(reported.outputText ?? 0, tokensOut),
          flags: addFlag(reported.flags, 'usage_partial'),
        };
  return { ...facts, usage };
}

const textDelta = /"(?:content|text|thinking|partial_json|arguments|reasoning_content|delta)":\s*"([^"\\]*(?:\\.[^"\\]*)*)"/g;

/** Of a longer answer only the end is looked at, and taken for the whole: the event loop must not wait for an estimate. */
const maxSampleBytes = 2_000_000;

/** null when no text came. */
function estimateOutput(kept: KeptAnswer, responseBytes: number): number | null {
  const answer = Buffer.concat(kept.chunks);
  const sample = answer.subarray(-maxSampleBytes);
  let bytes = 0;
  for (const match of sample.toString('utf8').matchAll(textDelta)) bytes += match[1]?.length ?? 0;
  const totalBytes = kept.isWhole ? answer.length : responseBytes;
  return bytes === 0 ? null : Math.ceil((bytes / bytesPerToken) * (totalBytes / sample.length));
}
