import type { ChatQuirks, RequestMend } from './provider.ts';

const reasoningModels = /^(o\d|gpt-([5-9]|\d\d))(?!.*chat)/i;
/** The first generations have no effort "none", so they always reason; later ones do when told to. */
const alwaysReasons = /^(o\d|gpt-5(-(mini|nano|codex|pro))?(-\d{4}|$))/i;

/** The value each field may keep: it is what the model does anyway. */
const sampling = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
  top_logprobs: 0,
  logit_bias: null,
};

/**
 * OpenAI's reasoning models answer 400 to `max_tokens` (it is called `max_completion_tokens` there) and, while they reason, to sampling
 * settings (https://platform.openai.com/docs/guides/reasoning).
 */
function mendReasoningRequest(body: Record<string, unknown>): RequestMend[] {
  if (body['max_tokens'] !== undefined) {
    body['max_completion_tokens'] ??= body['max_tokens'];
    delete body['max_tokens'];
  }
  const model = String(body['model']);
  const effort = body['reasoning_effort'] ?? (alwaysReasons.test(model) ? 'default' : 'none');
  if (effort === 'none') return [];
  const mends: RequestMend[] = [];
  for (const [field, harmless] of Object.entries(sampling)) {
    const value = body[field];
    if (value === undefined || value === null || value === harmless) continue;
    delete body[field];
    mends.push({ path: field, reason: `${model} rejects ${field} while it reasons; it was left out` });
  }
  return mends;
}

export const openaiQuirks: ChatQuirks = {
  models: reasoningModels,
  triggers: ['"max_tokens"', ...Object.keys(sampling).map((field) => `"${field}"`)],
  mend: mendReasoningRequest,
};
