import type { DialectId } from '../dialects/dialect.ts';

/** Path below a provider's base URL for a chat in one of the dialects, with its query. */
export function renderChatPath(dialect: DialectId, model: string, stream: boolean): string {
  switch (dialect) {
    case 'openai-chat':
      return '/chat/completions';
    case 'openai-responses':
      return '/responses';
    case 'anthropic-messages':
      return '/v1/messages';
    case 'gemini-generate':
      return `/v1beta/models/${encodeGeminiModel(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
  }
}

/** "models/" and "tunedModels/" are part of the path, everything else is one segment. */
export function encodeGeminiModel(model: string): string {
  return encodeURIComponent(model.replace(/^models\//, '')).replace(/^tunedModels%2F/, 'tunedModels/');
}

/** Where a provider lists its models, and where the names are in the reply. */
export function renderModelsPath(dialect: DialectId): string {
  if (dialect === 'anthropic-messages') return '/v1/models?limit=1000';
  if (dialect === 'gemini-generate') return '/v1beta/models?pageSize=1000';
  return '/models';
}
