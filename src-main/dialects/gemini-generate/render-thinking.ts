import type { ReasoningEffort, ReasoningSettings } from '../../domain/conversation.ts';
import type { ThinkingControl, ThinkingLevel } from './capabilities.ts';
import type { RenderContext } from './render-context.ts';
import type { WireThinkingConfig } from './wire.ts';

/**
 * Thinking settings for the model at hand; never a budget and a level together, which is a 400. Visible thoughts are
 * asked for whenever the caller spoke of reasoning and did not switch it off.
 * @returns null when nothing is to be said
 */
export function renderThinking(reasoning: ReasoningSettings | null, context: RenderContext): WireThinkingConfig | null {
  if (reasoning === null) return null;
  const { thinking } = context.capabilities;
  if (thinking.kind === 'none') {
    const asked = (reasoning.effort !== null && reasoning.effort !== 'none') || (reasoning.budgetTokens ?? 0) !== 0;
    if (asked) context.lose('reasoning', `${context.target.model} has no thinking that could be set.`);
    return null;
  }
  return thinking.kind === 'budget' ? renderBudget(reasoning, thinking, context) : renderLevel(reasoning, thinking.levels, context);
}

type BudgetControl = Extract<ThinkingControl, { kind: 'budget' }>;

/** Tokens per effort as Google's own OpenAI-compatible endpoint sets them; "least" and "max" are the model's. */
const budgetOfEffort: Readonly<Record<ReasoningEffort, number | 'least' | 'max'>> = {
  none: 0,
  minimal: 'least',
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 'max',
  max: 'max',
};

function renderBudget(reasoning: ReasoningSettings, control: BudgetControl, context: RenderContext): WireThinkingConfig {
  const wanted = reasoning.budgetTokens ?? (reasoning.effort === null ? null : budgetOfEffort[reasoning.effort]);
  if (wanted === null || wanted === -1) return wanted === null ? { includeThoughts: true } : { thinkingBudget: -1, includeThoughts: true };
  if (wanted === 0 && control.canDisable) return { thinkingBudget: 0 };
  const tokens = clampBudget(wanted, control);
  if (reasoning.budgetTokens !== null ? tokens !== wanted : wanted === 0) {
    context.lose('reasoning', `${context.target.model} thinks with ${control.min} to ${control.max} tokens; ${tokens} is sent.`);
  }
  return { thinkingBudget: tokens, includeThoughts: true };
}

function clampBudget(wanted: number | 'least' | 'max', control: BudgetControl): number {
  if (wanted === 'max') return control.max;
  // Flash may think with 0 tokens, which means not at all.
  if (wanted === 'least') return control.canDisable ? Math.max(512, control.min) : control.min;
  return Math.min(Math.max(wanted, control.min), control.max);
}

function renderLevel(reasoning: ReasoningSettings, levels: readonly ThinkingLevel[], context: RenderContext): WireThinkingConfig {
  const effort = reasoning.effort ?? effortOfBudget(reasoning.budgetTokens);
  if (effort === null) return { includeThoughts: true };
  const level = pickLevel(effort, levels);
  if (level.toLowerCase() !== effort) {
    context.lose('reasoning', `${context.target.model} has no thinking level "${effort}"; ${level} is sent.`);
  }
  return effort === 'none' ? { thinkingLevel: level } : { thinkingLevel: level, includeThoughts: true };
}

function pickLevel(effort: ReasoningEffort, levels: readonly ThinkingLevel[]): ThinkingLevel {
  const lowest = levels[0] ?? 'LOW';
  switch (effort) {
    case 'none':
    case 'minimal':
      return lowest;
    case 'low':
      return 'LOW';
    case 'medium':
      return levels.includes('MEDIUM') ? 'MEDIUM' : 'HIGH';
    default:
      return 'HIGH';
  }
}

/** For models that know levels only; -1 leaves the choice to the model. */
function effortOfBudget(budgetTokens: number | null): ReasoningEffort | null {
  if (budgetTokens === null || budgetTokens < 0) return null;
  if (budgetTokens === 0) return 'none';
  if (budgetTokens < 2048) return 'low';
  return budgetTokens < 8192 ? 'medium' : 'high';
}
