import type { TokenUsage } from '../../domain/token-usage.ts';
import { emptyUsage } from '../../domain/token-usage.ts';
import { asCount, asList, asObject, asText, type JsonObject } from '../json-value.ts';

/**
 * Gemini's `usageMetadata` in disjoint buckets (tokens). `promptTokenCount` holds the cached tokens but not
 * `toolUsePromptTokenCount`, which is extra input; thoughts are billed as output beside `candidatesTokenCount`.
 * Images, video and documents stay in `inputUncached`, since Gemini bills them at the text rate; only audio has its own.
 * @returns null when nothing was counted
 */
export function readGeminiUsage(metadata: unknown): TokenUsage | null {
  const wire = asObject(metadata);
  if (wire === null) return null;
  const counts = readCounts(wire);
  if (counts.prompt === null && counts.candidates === null && counts.thoughts === null && counts.total === null) return null;

  const usage = emptyUsage(wire);
  fillInput(usage, wire, counts);
  fillOutput(usage, wire, counts);
  usage.serviceTier = readServiceTier(wire);
  return usage;
}

interface Counts {
  prompt: number | null;
  toolUse: number | null;
  candidates: number | null;
  thoughts: number | null;
  total: number | null;
}

function readCounts(wire: JsonObject): Counts {
  return {
    prompt: readCount(wire['promptTokenCount']),
    toolUse: readCount(wire['toolUsePromptTokenCount']),
    candidates: readCount(wire['candidatesTokenCount']),
    thoughts: readCount(wire['thoughtsTokenCount']),
    total: readCount(wire['totalTokenCount']),
  };
}

/** proto3 JSON writes int64 as text. */
function readCount(value: unknown): number | null {
  return asCount(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
}

function fillInput(usage: TokenUsage, wire: JsonObject, counts: Counts): void {
  if (counts.prompt === null && counts.toolUse === null) return;
  const cached = readCount(wire['cachedContentTokenCount']);
  const uncached = atLeastZero(usage, (counts.prompt ?? 0) - (cached ?? 0));
  const promptAudio = readModality(wire['promptTokensDetails'], 'AUDIO');
  const toolAudio = readModality(wire['toolUsePromptTokensDetails'], 'AUDIO');
  usage.inputCacheRead = cached;
  if (promptAudio === null && toolAudio === null) {
    usage.inputUncached = uncached + (counts.toolUse ?? 0);
    return;
  }
  const cachedAudio = readModality(wire['cacheTokensDetails'], 'AUDIO') ?? 0;
  const fresh = Math.min(atLeastZero(usage, (promptAudio ?? 0) - cachedAudio), uncached);
  usage.inputAudio = fresh + (toolAudio ?? 0);
  usage.inputUncached = atLeastZero(usage, uncached + (counts.toolUse ?? 0) - usage.inputAudio);
}

/**
 * Whether thoughts are beside the candidates (today) or inside them (older API versions) is told by the total. A count
 * of 0 is left out of proto3 JSON, so missing candidates are 0 where the total agrees.
 */
function fillOutput(usage: TokenUsage, wire: JsonObject, counts: Counts): void {
  const { candidates, thoughts, total } = counts;
  usage.outputReasoning = thoughts;
  let text = candidates;
  if (total !== null) {
    const folded = (counts.prompt ?? 0) + (counts.toolUse ?? 0) + (candidates ?? 0);
    const separate = folded + (thoughts ?? 0);
    if (total === separate) text = candidates ?? 0;
    else if (candidates !== null && total === folded) text = atLeastZero(usage, candidates - (thoughts ?? 0));
    else {
      flagInconsistent(usage);
      if (candidates === null) text = Math.max(0, total - separate);
    }
  }
  const audio = readModality(wire['candidatesTokensDetails'], 'AUDIO');
  usage.outputAudio = audio;
  usage.outputText = text === null ? null : atLeastZero(usage, text - (audio ?? 0));
}

function readModality(details: unknown, modality: string): number | null {
  let sum: number | null = null;
  for (const entry of asList(details)) {
    const detail = asObject(entry);
    const count = detail?.['modality'] === modality ? readCount(detail['tokenCount']) : null;
    if (count !== null) sum = (sum ?? 0) + count;
  }
  return sum;
}

const tierOfTraffic: ReadonlyMap<string, string> = new Map([
  ['ON_DEMAND', 'standard'],
  ['ON_DEMAND_FLEX', 'flex'],
  ['ON_DEMAND_PRIORITY', 'priority'],
  ['ON_DEMAND_OFFPEAK', 'offpeak'],
  ['PROVISIONED_THROUGHPUT', 'provisioned'],
]);

function readServiceTier(wire: JsonObject): string | null {
  const traffic = asText(wire['trafficType']);
  const tier = asText(wire['serviceTier']);
  if (tier !== null) return tier.toLowerCase();
  if (traffic === null || traffic === 'TRAFFIC_TYPE_UNSPECIFIED') return null;
  return tierOfTraffic.get(traffic) ?? traffic.toLowerCase();
}

function atLeastZero(usage: TokenUsage, count: number): number {
  if (count >= 0) return count;
  flagInconsistent(usage);
  return 0;
}

function flagInconsistent(usage: TokenUsage): void {
  if (!usage.flags.includes('usage_inconsistent')) usage.flags.push('usage_inconsistent');
}
