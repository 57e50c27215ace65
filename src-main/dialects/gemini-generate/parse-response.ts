import type { AssistantPart, ChatChoice, ChatResponse } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asCount, asList, asObject, asText, type JsonObject } from '../json-value.ts';
import { restoreToolCall } from '../tool-names.ts';
import { resolveBlock, resolveFinish } from './finish-reason.ts';
import { parseLogprobs } from './logprobs.ts';
import type { PartContent } from './response-parts.ts';
import { createCallIds, parsePart } from './response-parts.ts';
import { readGeminiUsage } from './usage.ts';
import { collectSearchQueries, countBilledSearches } from './web-searches.ts';

/**
 * A whole generateContent reply. `createdAt` is epoch ms, 0 when Google did not say. Signatures name their origin, so
 * that they return to the same model only.
 * @throws GatewayError upstream_bad_reply when the body is no JSON object (or array of one)
 */
export function parseResponse(body: unknown, target: UpstreamModel, toolNames?: ToolNameMap): ChatResponse {
  const reply = asObject(Array.isArray(body) ? body[0] : body);
  if (reply === null) throw new GatewayError('upstream_bad_reply', 'Gemini answered with something that is not a JSON object.');
  const usage = readGeminiUsage(reply['usageMetadata']);
  if (usage !== null) {
    const queries = new Set<string>();
    collectSearchQueries(reply['candidates'], queries);
    usage.webSearches = countBilledSearches(queries, target.model);
  }
  const createdAt = Date.parse(asText(reply['createTime']) ?? '');
  return {
    id: asText(reply['responseId']) ?? '',
    model: asText(reply['modelVersion']) ?? target.model,
    createdAt: Number.isNaN(createdAt) ? 0 : createdAt,
    choices: parseChoices(reply, {
      target,
      toolNames,
      nextCallId: createCallIds(asText(reply['responseId']), () => JSON.stringify(reply)),
    }),
    usage,
  };
}

interface ReplyContext {
  target: UpstreamModel;
  toolNames: ToolNameMap | undefined;
  nextCallId: () => string;
}

function parseChoices(reply: JsonObject, context: ReplyContext): ChatChoice[] {
  const candidates = asList(reply['candidates'])
    .map(asObject)
    .filter((candidate) => candidate !== null);
  if (candidates.length === 0) {
    const block = resolveBlock(asObject(reply['promptFeedback']));
    return [{ parts: [], stopSequence: null, ...(block ?? { finishReason: 'other' }) }];
  }
  return candidates
    .toSorted((a, b) => (asCount(a['index']) ?? 0) - (asCount(b['index']) ?? 0))
    .map((candidate) => parseCandidate(candidate, context));
}

function parseCandidate(candidate: JsonObject, context: ReplyContext): ChatChoice {
  const parts: AssistantPart[] = [];
  for (const value of asList(asObject(candidate['content'])?.['parts'])) {
    const content = parsePart(value);
    if (content !== null) parts.push(toAssistantPart(content, context));
  }
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  const choice: ChatChoice = { parts, stopSequence: null, ...resolveFinish(candidate, hasCalls) };
  const logprobs = parseLogprobs(asObject(candidate['logprobsResult']));
  return logprobs === undefined ? choice : { ...choice, logprobs };
}

function toAssistantPart(content: PartContent, { target, toolNames, nextCallId }: ReplyContext): AssistantPart {
  const origin = { dialect: 'gemini-generate', model: target.model };
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: content.text, ...(content.signature !== null && { signature: content.signature }) };
    case 'reasoning':
      return { type: 'reasoning', text: content.text, ...(content.signature !== null && { signature: content.signature }), origin };
    case 'call': {
      const { name, argumentsText, signature } = content;
      const signed = signature === null ? {} : { signature, signatureOrigin: origin };
      return restoreToolCall({ type: 'tool-call', id: content.id ?? nextCallId(), name, argumentsText, ...signed }, toolNames);
    }
    case 'image':
      return { type: 'image', source: { kind: 'base64', mediaType: content.mediaType, data: content.data } };
  }
}
