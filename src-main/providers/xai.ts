import type { ChatQuirks, RequestMend } from './provider.ts';

/** Models without the effort switch answer 400 to it (https://docs.x.ai/docs/guides/reasoning). */
const noEffort = /^grok-(4(-\d{4})?|code-fast-1.*)$/i;
const reasoningModel = /^grok-(4|code|build)/i;
const rejectedByReasoning = ['presence_penalty', 'frequency_penalty', 'stop'] as const;

/** xAI's reasoning models answer 400 to these fields of a Chat Completions request; they are taken out and recorded. */
function mendXaiRequest(body: Record<string, unknown>): RequestMend[] {
  const mends: RequestMend[] = [];
  const model = typeof body['model'] === 'string' ? body['model'] : '';
  if (reasoningModel.test(model)) {
    for (const field of rejectedByReasoning) {
      if (body[field] === undefined || body[field] === null) continue;
      delete body[field];
      mends.push({ path: field, reason: `${model} rejects ${field}; it was left out` });
    }
  }
  if (noEffort.test(model) && body['reasoning_effort'] !== undefined) {
    delete body['reasoning_effort'];
    mends.push({ path: 'reasoning_effort', reason: `${model} has no reasoning effort; it was left out` });
  }
  return mends;
}

export const xaiQuirks: ChatQuirks = {
  triggers: ['"presence_penalty"', '"frequency_penalty"', '"stop"', '"reasoning_effort"'],
  mend: mendXaiRequest,
};
