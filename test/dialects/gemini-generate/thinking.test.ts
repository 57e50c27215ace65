import { describe, expect, it } from 'vitest';
import type { ReasoningEffort } from '../../../src-main/domain/conversation.ts';
import { render } from './fixtures.ts';

function thinkingOf(model: string, effort: ReasoningEffort | null, budgetTokens: number | null = null) {
  const { body, paths } = render({ reasoning: { effort, budgetTokens } }, { model, maxOutputTokens: null });
  const config = body['generationConfig'] as { thinkingConfig?: Record<string, unknown> } | undefined;
  return [config?.thinkingConfig ?? null, paths.length] as const;
}
const budget = (thinkingBudget: number) => ({ thinkingBudget, includeThoughts: true });
const level = (thinkingLevel: string) => ({ thinkingLevel, includeThoughts: true });

describe('X18: reasoning effort on Gemini', () => {
  it.each<[string, ReasoningEffort, unknown, number]>([
    ['gemini-2.5-pro', 'none', budget(128), 1],
    ['gemini-2.5-pro', 'minimal', budget(128), 0],
    ['gemini-2.5-pro', 'low', budget(1024), 0],
    ['gemini-2.5-pro', 'max', budget(32_768), 0],
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }, 0],
    ['gemini-2.5-flash', 'minimal', budget(512), 0],
    ['gemini-2.5-flash', 'medium', budget(8192), 0],
    ['gemini-2.5-flash', 'high', budget(24_576), 0],
    ['gemini-2.5-flash-lite', 'xhigh', budget(24_576), 0],
    ['gemini-3-pro-preview', 'low', level('LOW'), 0],
    ['gemini-3-pro-preview', 'medium', level('HIGH'), 1],
    ['gemini-3.1-pro-preview', 'medium', level('MEDIUM'), 0],
    ['models/gemini-3-flash', 'minimal', level('MINIMAL'), 0],
    ['gemini-3-flash', 'none', { thinkingLevel: 'MINIMAL' }, 1],
    ['gemini-3.8-flash', 'minimal', level('LOW'), 1],
    ['gemini-4-argon', 'none', { thinkingLevel: 'LOW' }, 1],
    ['gemini-4-argon', 'high', level('HIGH'), 0],
    ['gemini-4-carbon', 'max', level('HIGH'), 1],
    ['gemini-12-new', 'medium', level('MEDIUM'), 0],
    ['gemini-2.0-flash', 'high', null, 1],
    ['gemini-2.0-flash', 'none', null, 0],
    ['gemini-2.5-flash-image', 'high', null, 1],
  ])('%s with effort %s', (model, effort, config, losses) => {
    expect(thinkingOf(model, effort)).toEqual([config, losses]);
  });

  it.each<[string, number, unknown, number]>([
    ['gemini-2.5-pro', -1, budget(-1), 0],
    ['gemini-2.5-pro', 0, budget(128), 1],
    ['gemini-2.5-pro', 2000, budget(2000), 0],
    ['gemini-2.5-flash-lite', 100, budget(512), 1],
    ['gemini-3.8-flash', -1, { includeThoughts: true }, 0],
    ['gemini-3.8-flash', 1024, level('LOW'), 0],
    ['gemini-3.8-flash', 4096, level('MEDIUM'), 0],
    ['gemini-3.8-flash', 32_000, level('HIGH'), 0],
  ])('%s with a budget of %d tokens', (model, tokens, config, losses) => {
    expect(thinkingOf(model, null, tokens)).toEqual([config, losses]);
  });

  it('never sends a budget and a level together', () => {
    expect(thinkingOf('gemini-4-argon', 'low', 9000)).toEqual([level('LOW'), 0]);
    expect(thinkingOf('gemini-2.5-pro', 'low', 9000)).toEqual([budget(9000), 0]);
  });

  it('says nothing when the caller said nothing', () => {
    expect(render({ reasoning: null }).body).not.toHaveProperty('generationConfig');
  });
});
