import type { DialectId } from '../dialects/dialect.ts';
import { groqQuirks, mistralQuirks, plainServerQuirks } from './chat-quirks.ts';
import type { ProviderDefinition } from './provider.ts';

/** A vendor or a local server that speaks Chat Completions: known here, so that a user gives a key at most. */
function compatible(
  id: string,
  name: string,
  baseUrl: string,
  more: Partial<Pick<ProviderDefinition, 'keyFormat' | 'streamUsage' | 'chatQuirks'>> & { alsoSpeaks?: readonly DialectId[] } = {},
): ProviderDefinition {
  const { alsoSpeaks = [], ...rest } = more;
  return {
    id,
    name,
    dialects: ['openai-chat', ...alsoSpeaks],
    baseUrl,
    auth: 'bearer',
    keyFormat: null,
    vendor: true,
    local: false,
    modelPrefixes: [],
    streamUsage: 'ask',
    ...rest,
  };
}

function localServer(id: string, name: string, port: number): ProviderDefinition {
  return { ...compatible(id, name, `http://127.0.0.1:${port}/v1`, { chatQuirks: plainServerQuirks }), auth: 'bearer', local: true };
}

export const compatibleProviders: readonly ProviderDefinition[] = [
  localServer('ollama', 'Ollama', 11434),
  localServer('lmstudio', 'LM Studio', 1234),
  localServer('llamacpp', 'llama.cpp server', 8080),
  localServer('vllm', 'vLLM', 8000),
  compatible('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', {
    keyFormat: { pattern: /^sk-or-[\w-]{20,}$/, hint: 'OpenRouter keys start with "sk-or-".' },
  }),
  compatible('deepseek', 'DeepSeek', 'https://api.deepseek.com'),
  compatible('groq', 'Groq', 'https://api.groq.com/openai/v1', {
    keyFormat: { pattern: /^gsk_\w{20,}$/, hint: 'Groq keys start with "gsk_".' },
    chatQuirks: groqQuirks,
  }),
  compatible('mistral', 'Mistral', 'https://api.mistral.ai/v1', { streamUsage: 'unsupported', chatQuirks: mistralQuirks }),
];

/** Models inside the gateway; never called over the network. */
export const demoDefinition: ProviderDefinition = {
  ...compatible('demo', 'Demo', 'http://127.0.0.1:0'),
  auth: 'none',
  local: true,
};

/** An endpoint the user described: any server that speaks one of the dialects. */
export function createCustomProvider(
  id: string,
  name: string,
  dialect: DialectId,
  baseUrl: string,
  streamUsage: boolean,
): ProviderDefinition {
  const auth = dialect === 'anthropic-messages' ? 'x-api-key' : dialect === 'gemini-generate' ? 'x-goog-api-key' : 'bearer';
  return {
    id,
    name,
    dialects: [dialect],
    baseUrl,
    auth,
    keyFormat: null,
    vendor: false,
    local: isLoopback(baseUrl),
    modelPrefixes: [],
    streamUsage: dialect === 'openai-chat' ? (streamUsage ? 'ask' : 'unsupported') : 'always',
  };
}

function isLoopback(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
