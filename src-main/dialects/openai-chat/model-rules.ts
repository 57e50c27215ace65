/** What OpenAI's own models accept; servers of other models are taken to accept the old, common fields. */
export interface ModelRules {
  outputLimitField: 'max_tokens' | 'max_completion_tokens';
  userField: 'user' | 'safety_identifier';
  acceptsSampling: boolean;
  acceptsReasoning: boolean;
  acceptsStop: boolean;
  acceptsWebSearch: boolean;
  acceptsCustomTools: boolean;
}

/**
 * Rules by model name, a vendor prefix aside (platform.openai.com/docs/guides/reasoning): reasoning models refuse
 * `max_tokens` and sampling, older chat models refuse `reasoning_effort`, o3 and o4-mini refuse `stop`.
 */
export function readModelRules(model: string): ModelRules {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const isOpenai = /^(?:gpt-\d|chatgpt-|codex-|o\d)/.test(name);
  const isReasoning = /^(?:gpt-(?:[5-9]|[12]\d)(?!\d|[\w.-]*chat)|codex-|o\d)/.test(name);
  return {
    outputLimitField: isOpenai ? 'max_completion_tokens' : 'max_tokens',
    userField: isOpenai ? 'safety_identifier' : 'user',
    acceptsSampling: !isReasoning,
    acceptsReasoning: !isOpenai || isReasoning,
    acceptsStop: !/^(?:o3|o4)/.test(name),
    acceptsWebSearch: name.includes('search'),
    acceptsCustomTools: isReasoning,
  };
}
