import type { ChatQuirks, RequestMend } from './provider.ts';

/** Groq answers 400 to these (https://console.groq.com/docs/openai). */
function mendGroqRequest(body: Record<string, unknown>): RequestMend[] {
  const mends = dropFields(body, ['logprobs', 'top_logprobs', 'logit_bias'], 'Groq');
  const messages = body['messages'];
  if (Array.isArray(messages)) {
    let named = 0;
    for (const message of messages) {
      if (typeof message === 'object' && message !== null && 'name' in message) {
        delete (message as Record<string, unknown>)['name'];
        named++;
      }
    }
    if (named > 0) mends.push({ path: 'messages[].name', reason: 'Groq rejects message names; they were left out' });
  }
  return mends;
}

const mistralUnknown = [
  'stream_options',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'user',
  'store',
  'service_tier',
  'prompt_cache_key',
  'safety_identifier',
  'verbosity',
] as const;

/** Mistral answers 422 to fields it does not know and spells some differently (https://docs.mistral.ai/api). */
function mendMistralRequest(body: Record<string, unknown>): RequestMend[] {
  const mends = dropFields(body, mistralUnknown, 'Mistral');
  if (body['seed'] !== undefined) {
    body['random_seed'] = body['seed'];
    delete body['seed'];
  }
  if (body['max_completion_tokens'] !== undefined) {
    body['max_tokens'] ??= body['max_completion_tokens'];
    delete body['max_completion_tokens'];
  }
  if (body['tool_choice'] === 'required') body['tool_choice'] = 'any';
  return mends;
}

/** Local servers: the chat template often has no `developer` role, and only `max_tokens` is understood everywhere. */
function mendPlainServerRequest(body: Record<string, unknown>): RequestMend[] {
  const messages = body['messages'];
  if (Array.isArray(messages)) {
    for (const message of messages) {
      if (typeof message === 'object' && message !== null && (message as Record<string, unknown>)['role'] === 'developer') {
        (message as Record<string, unknown>)['role'] = 'system';
      }
    }
  }
  if (body['max_completion_tokens'] !== undefined && body['max_tokens'] === undefined) {
    body['max_tokens'] = body['max_completion_tokens'];
    delete body['max_completion_tokens'];
  }
  return [];
}

function dropFields(body: Record<string, unknown>, fields: readonly string[], vendor: string): RequestMend[] {
  const mends: RequestMend[] = [];
  for (const field of fields) {
    if (body[field] === undefined) continue;
    delete body[field];
    mends.push({ path: field, reason: `${vendor} rejects ${field}; it was left out` });
  }
  return mends;
}

export const groqQuirks: ChatQuirks = { triggers: ['"logprobs"', '"top_logprobs"', '"logit_bias"', '"name"'], mend: mendGroqRequest };

export const mistralQuirks: ChatQuirks = {
  triggers: [...mistralUnknown.map((field) => `"${field}"`), '"seed"', '"max_completion_tokens"', '"required"'],
  mend: mendMistralRequest,
};

export const plainServerQuirks: ChatQuirks = { triggers: ['"developer"', '"max_completion_tokens"'], mend: mendPlainServerRequest };
