import type { ChatRequest, ReasoningEffort, ResponseFormat } from '../../domain/conversation.ts';
import type { RenderedRequest, UpstreamModel } from '../dialect.ts';
import type { JsonObject } from '../json-value.ts';
import { plainToolName, resolveToolNames } from '../tool-names.ts';
import { createLossNotes, type LossNotes } from './loss-notes.ts';
import { type ModelRules, readModelRules } from './model-rules.ts';
import { renderMessages, shortenId } from './render-messages.ts';
import { renderTools } from './render-tools.ts';

/**
 * Renders a chat for an OpenAI-compatible upstream. Usage is always asked for in streams: without it nothing can be
 * metered, and the caller's renderer shows it only where it was wanted.
 * @throws GatewayError unsupported_feature for attachments this dialect cannot carry
 */
export function renderRequest(request: ChatRequest, target: UpstreamModel): RenderedRequest {
  const losses = createLossNotes(request.unmapped);
  const rules = readModelRules(target.model);
  const tools = resolveToolNames(request, { legalName: plainToolName, wrapsCustom: !rules.acceptsCustomTools });
  const body: JsonObject = {
    model: target.model,
    messages: renderMessages(request.messages, { model: target.model, tools, losses }),
    ...renderTools(request, tools, losses),
    ...renderLimits(request, target, rules, losses),
    ...renderSampling(request, rules, losses),
    ...renderReasoning(request, rules, losses),
    response_format: request.responseFormat === null ? null : renderResponseFormat(request.responseFormat),
    service_tier: renderServiceTier(request, losses),
    [rules.userField]: request.userId === null ? null : shortenId(request.userId, 128),
    ...renderWebSearch(request, rules, losses),
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  for (const key of Object.keys(body)) if (body[key] === null) delete body[key];
  return { body, losses: losses.list(), ...(tools.sentTools.size > 0 ? { toolNames: tools.sentTools } : {}) };
}

function renderLimits(request: ChatRequest, target: UpstreamModel, rules: ModelRules, losses: LossNotes): JsonObject {
  const asked = request.maxOutputTokens;
  const limit = target.maxOutputTokens;
  const isOver = asked !== null && limit !== null && asked > limit;
  if (isOver) losses.note(rules.outputLimitField, `lowered from ${asked} to ${limit}, the most this model can write`);
  const stop = rules.acceptsStop ? request.stop.slice(0, 4) : [];
  if (stop.length < request.stop.length) {
    losses.note('stop', rules.acceptsStop ? 'OpenAI chat takes four stop sequences at most' : 'this model takes no stop sequences');
  }
  return { [rules.outputLimitField]: isOver ? limit : asked, stop: stop.length > 0 ? stop : null, n: request.choiceCount };
}

function renderSampling(request: ChatRequest, rules: ModelRules, losses: LossNotes): JsonObject {
  if (request.topK !== null) losses.note('top_k', 'OpenAI chat has no top-k sampling');
  const sampling = {
    temperature: request.temperature,
    top_p: request.topP,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
  };
  const seed = { seed: request.seed };
  if (rules.acceptsSampling || request.reasoning?.effort === 'none') return { ...sampling, ...seed };
  for (const [key, value] of Object.entries(sampling)) {
    if (value !== null && value !== false) losses.note(key, 'reasoning models refuse it');
  }
  return seed;
}

function renderReasoning(request: ChatRequest, rules: ModelRules, losses: LossNotes): JsonObject {
  const effort = request.reasoning?.effort ?? effortOfBudget(request.reasoning?.budgetTokens ?? null);
  if (effort === null || rules.acceptsReasoning) return { reasoning_effort: effort };
  if (effort !== 'none') losses.note('reasoning_effort', 'this model does not reason');
  return {};
}

/** -1 is "as much as you like", which is what saying nothing means here. */
function effortOfBudget(budgetTokens: number | null): ReasoningEffort | null {
  if (budgetTokens === null || budgetTokens < 0) return null;
  if (budgetTokens === 0) return 'none';
  if (budgetTokens < 2048) return 'low';
  return budgetTokens < 8192 ? 'medium' : 'high';
}

function renderResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  const { name, description, schema, strict } = format;
  const described = description === null ? {} : { description };
  return { type: 'json_schema', json_schema: { name, ...described, schema, ...(strict === null ? {} : { strict }) } };
}

const tiers: Readonly<Record<string, string>> = {
  auto: 'auto',
  default: 'default',
  standard: 'default',
  standard_only: 'default',
  flex: 'flex',
  priority: 'priority',
  fast: 'fast',
  scale: 'scale',
};

function renderServiceTier({ serviceTier }: ChatRequest, losses: LossNotes): string | null {
  if (serviceTier === null) return null;
  const tier = Object.hasOwn(tiers, serviceTier) ? tiers[serviceTier] : undefined;
  if (tier === undefined) losses.note('service_tier', `OpenAI chat has no tier "${serviceTier}"`);
  return tier ?? null;
}

function renderWebSearch(request: ChatRequest, rules: ModelRules, losses: LossNotes): JsonObject {
  if (!request.webSearch) return {};
  if (rules.acceptsWebSearch) return { web_search_options: {} };
  losses.note('web_search', 'this model cannot search the web in OpenAI chat');
  return {};
}
