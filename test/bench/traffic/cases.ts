import type { DialectId } from '../../../src-main/dialects/dialect.ts';

/** What the caller speaks, what the provider speaks, and the model that leads there. */
export interface Case {
  readonly caller: DialectId;
  readonly upstream: DialectId;
  readonly model: string;
}

const models = { o: 'gpt-4o-mini', a: 'claude-sonnet-4-5', g: 'gemini-2.5-flash' } as const;

/** "o2a": an OpenAI program and an Anthropic model. */
export const cases = {
  o2o: { caller: 'openai-chat', upstream: 'openai-chat', model: models.o },
  a2a: { caller: 'anthropic-messages', upstream: 'anthropic-messages', model: models.a },
  o2a: { caller: 'openai-chat', upstream: 'anthropic-messages', model: models.a },
  o2g: { caller: 'openai-chat', upstream: 'gemini-generate', model: models.g },
} as const satisfies Record<string, Case>;

export type CaseId = keyof typeof cases;

/** For subjects that cannot translate: the provider's own format, the least that an answer of this provider can cost. */
export function withoutTranslation(wanted: Case): Case {
  return { ...wanted, caller: wanted.upstream };
}
