import type { ChatRequest, ReasoningEffort, ReasoningSettings } from '../../domain/conversation.ts';
import { restoreThinking } from './assistant.ts';
import type { ModelCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';
import { isForcedChoice } from './tool-choice.ts';
import type { EffortLevel, WireThinking } from './wire.ts';

interface ThinkingPlan {
  thinking: WireThinking | null;
  effort: EffortLevel | null;
  maxTokens: number;
  /** The model will think, so it rejects sampling settings, forced tool choice and prefill. */
  thinks: boolean;
}

export interface OutputLimit {
  tokens: number;
  /** The most the model can give, thinking included. */
  ceiling: number;
  /** The caller named the number. */
  asked: boolean;
}

const smallestBudget = 1024;
const largestBudget = 60_000;
const budgets: Record<Exclude<ReasoningEffort, 'none'>, number> = {
  minimal: smallestBudget,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: largestBudget,
};
/** For a budget of -1, "as much as it takes". */
const dynamicBudget = budgets.medium;

const effortOrder: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Chooses how the model thinks: by effort where it decides itself, by a token budget on older models. */
export function resolveThinking(
  request: ChatRequest,
  capabilities: ModelCapabilities,
  limit: OutputLimit,
  model: string,
  lose: Lose,
): ThinkingPlan {
  const { thinkingTypes } = capabilities;
  if (thinkingTypes.includes('adaptive')) {
    return { ...resolveAdaptive(request, capabilities, lose), maxTokens: limit.tokens };
  }
  const plan: ThinkingPlan = { thinking: null, effort: null, maxTokens: limit.tokens, thinks: false };
  const budget = wantedBudget(request.reasoning);
  if (budget === null) return plan;
  if (!thinkingTypes.includes('enabled')) {
    if (budget > 0) lose('reasoning', 'This model takes no thinking settings.');
    return plan;
  }
  if (budget === 0) return { ...plan, thinking: { type: 'disabled' } };
  return resolveBudget(budget, request, limit, model, lose);
}

function resolveAdaptive(request: ChatRequest, capabilities: ModelCapabilities, lose: Lose): Omit<ThinkingPlan, 'maxTokens'> {
  const { thinkingTypes, thinksByDefault } = capabilities;
  const { reasoning } = request;
  const effort = reasoning?.effort ?? effortOfBudget(reasoning?.budgetTokens ?? null);
  if (effort === null && reasoning?.budgetTokens !== -1) {
    // A forced tool call is a promise to the caller, thinking by default is not.
    const makesRoom = thinksByDefault && isForcedChoice(request) && thinkingTypes.includes('disabled');
    if (!makesRoom) return { thinking: null, effort: null, thinks: thinksByDefault };
    lose('reasoning', 'The model does not think in this call, because it rejects a forced tool choice while it thinks.');
    return { thinking: { type: 'disabled' }, effort: null, thinks: false };
  }
  if (effort === 'none') {
    if (thinkingTypes.includes('disabled')) return { thinking: { type: 'disabled' }, effort: null, thinks: false };
    lose('reasoning.effort', 'This model always thinks; it is asked to think as little as it can.');
    if (thinkingTypes.includes('between_tools')) return { thinking: { type: 'between_tools' }, effort: null, thinks: true };
    return { thinking: null, effort: 'low', thinks: true };
  }
  const level = effort === null ? null : nearestLevel(effort, capabilities.effortLevels);
  if (level !== effort) lose('reasoning.effort', `This model does not know the effort "${effort}"; "${level}" is asked for.`);
  return { thinking: { type: 'adaptive', display: 'summarized' }, effort: level, thinks: true };
}

function resolveBudget(wanted: number, request: ChatRequest, limit: OutputLimit, model: string, lose: Lose): ThinkingPlan {
  const off: ThinkingPlan = { thinking: { type: 'disabled' }, effort: null, maxTokens: limit.tokens, thinks: false };
  if (!canResumeLoop(request, model)) {
    lose('reasoning', 'Thinking is off for this call: the thinking that began the current tool calls was not kept.');
    return off;
  }
  // The budget is part of max_tokens: room for the answer is added where the caller set no limit.
  const maxTokens = limit.asked ? limit.tokens : Math.min(limit.ceiling, limit.tokens + wanted);
  const budget = Math.min(Math.max(wanted, smallestBudget), maxTokens - 1);
  if (budget < smallestBudget) {
    lose('reasoning', `Thinking is off for this call: it needs ${smallestBudget} tokens and the output limit is ${maxTokens}.`);
    return off;
  }
  if (budget !== wanted) lose('reasoning', `The thinking budget is ${budget} tokens instead of ${wanted}.`);
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: null, maxTokens, thinks: true };
}

/**
 * A budget model that thinks wants the thinking back that came before the tool calls now being answered. False when
 * that cannot be given: the first assistant message of the loop does not begin with it, or some of it is foreign.
 */
function canResumeLoop(request: ChatRequest, model: string): boolean {
  const lastUser = request.messages.findLastIndex((message) => message.role === 'user');
  const loop = request.messages.slice(lastUser + 1).flatMap((message) => (message.role === 'assistant' ? message.parts : []));
  const parts = loop.filter((part) => part.type !== 'text' || part.text.trim() !== '');
  if (!parts.some((part) => part.type === 'tool-call')) return true;
  const reasoning = parts.filter((part) => part.type === 'reasoning');
  return parts[0]?.type === 'reasoning' && reasoning.every((part) => restoreThinking(part, model) !== null);
}

/** Tokens; 0 = off, null = nothing was said. */
function wantedBudget(reasoning: ReasoningSettings | null): number | null {
  if (reasoning === null) return null;
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens !== null) return budgetTokens < 0 ? dynamicBudget : budgetTokens;
  if (effort === null) return null;
  return effort === 'none' ? 0 : budgets[effort];
}

/** The effort that comes nearest to a budget meant for another model. */
function effortOfBudget(budgetTokens: number | null): ReasoningEffort | null {
  if (budgetTokens === null || budgetTokens < 0) return null;
  if (budgetTokens === 0) return 'none';
  if (budgetTokens < 2048) return 'low';
  if (budgetTokens < 8192) return 'medium';
  return budgetTokens < 24_576 ? 'high' : 'xhigh';
}

/** The level itself, else the next lower one, else the lowest there is. */
function nearestLevel(effort: ReasoningEffort, levels: readonly EffortLevel[]): EffortLevel | null {
  const rank = effortOrder.indexOf(effort);
  return levels.findLast((level) => effortOrder.indexOf(level) <= rank) ?? levels[0] ?? null;
}
