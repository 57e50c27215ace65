import type { ReplyFacts } from '../dialects/dialect.ts';
import type { Dialects } from '../dialects/registry.ts';
import { addFlag, emptyUsage } from '../domain/token-usage.ts';
import type { OpenCall } from './open-call.ts';

/** English text and code come to about four bytes a token; only used where a provider will never tell. */
const bytesPerToken = 4;

/**
 * What is known of an answer that was broken off: the provider's own numbers as far as they came, else an estimate from
 * the bytes, flagged as such. A call that never reached the provider has no usage at all.
 */
export function readPartial(dialects: Dialects, call: OpenCall): Partial<ReplyFacts> | null {
  if (call.target === null || !call.started) return null;
  if (call.attempts.every((attempt) => attempt.status === null) && call.responseBytes === 0) return null;
  const chunks = call.received.length > 0 ? call.received : call.sent;
  const facts = dialects[call.target.upstreamDialect].readStream(chunks);
  const reported = facts.usage ?? call.usage;
  const tokensIn = Math.ceil((call.body?.length ?? 0) / bytesPerToken);
  const tokensOut = estimateOutput(chunks);
  const usage =
    reported === null
      ? { ...emptyUsage(), inputUncached: tokensIn, outputText: tokensOut, flags: ['usage_estimated' as const, 'usage_partial' as const] }
      : { ...reported, outputText: Math.max(reported.outputText ?? 0, tokensOut), flags: addFlag(reported.flags, 'usage_partial') };
  return { ...facts, usage };
}

const textDelta = /"(?:content|text|thinking|partial_json|arguments|reasoning_content|delta)":\s*"((?:[^"\\]|\\.)*)"/g;

function estimateOutput(chunks: readonly Buffer[]): number {
  let bytes = 0;
  const text = Buffer.concat(chunks).toString('utf8');
  for (const match of text.matchAll(textDelta)) bytes += match[1]?.length ?? 0;
  return Math.ceil(bytes / bytesPerToken);
}
