export interface Vendor {
  /** Id of the built-in provider. */
  id: string;
  name: string;
  /** How its keys begin, for people; null when they have no shape of their own. */
  example: string | null;
}

export const vendors: readonly Vendor[] = [
  { id: 'anthropic', name: 'Anthropic', example: 'sk-ant-…' },
  { id: 'openai', name: 'OpenAI', example: 'sk-proj-…' },
  { id: 'gemini', name: 'Google Gemini', example: 'AIza…' },
  { id: 'xai', name: 'xAI', example: 'xai-…' },
  { id: 'openrouter', name: 'OpenRouter', example: 'sk-or-…' },
  { id: 'groq', name: 'Groq', example: 'gsk_…' },
  { id: 'deepseek', name: 'DeepSeek', example: 'sk-…' },
  { id: 'mistral', name: 'Mistral', example: null },
];

/** The more particular shape first: every one of the first three begins like OpenAI's. */
const shapes: readonly (readonly [RegExp, vendorId: string])[] = [
  [/^sk-ant-/, 'anthropic'],
  [/^sk-or-/, 'openrouter'],
  [/^sk-[\da-f]{32}$/, 'deepseek'],
  [/^sk-/, 'openai'],
  [/^(AIza|AQ\.)/, 'gemini'],
  [/^xai-/, 'xai'],
  [/^gsk_/, 'groq'],
];

/** Whose key this is, by its shape; null when it could be anybody's. */
export function recogniseVendor(key: string): string | null {
  const trimmed = cleanKey(key);
  return shapes.find(([shape]) => shape.test(trimmed))?.[1] ?? null;
}

/** A key as people paste it: with spaces around it, in quotes, or with the name of its variable before it. */
export function cleanKey(pasted: string): string {
  return pasted
    .trim()
    .replace(/^(?:export\s+)?[A-Z][A-Z\d_]*\s*=\s*/, '')
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
}
