/**
 * What the default answers report as usage. Beside each, what it costs with the model named there, by hand: tokens × USD per million
 * tokens give micro-dollars.
 */
export const figures = {
  /** gpt-5.4-mini at 0.75 / 0.075 / 4.50: 60 × 0.75 + 40 × 0.075 + 20 × 4.5 = 138 micro-dollars. */
  openai: {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 40 },
    completion_tokens_details: { reasoning_tokens: 8 },
  },
  /** The same call over the Responses API. */
  responses: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 8 },
    total_tokens: 120,
  },
  /** claude-sonnet-4-6 at 3 / 0.30 / 3.75 / 15: 50 × 3 + 30 × 0.3 + 20 × 3.75 + 24 × 15 = 594 micro-dollars. */
  anthropic: {
    input_tokens: 50,
    cache_read_input_tokens: 30,
    cache_creation_input_tokens: 20,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 0 },
    output_tokens: 24,
    service_tier: 'standard',
  },
  /** gemini-2.5-flash at 0.30 / 0.03 / 2.50: 20 × 0.3 + 100 × 0.03 + (14 + 6) × 2.5 = 59 micro-dollars. */
  gemini: {
    promptTokenCount: 120,
    cachedContentTokenCount: 100,
    candidatesTokenCount: 14,
    thoughtsTokenCount: 6,
    totalTokenCount: 140,
  },
  /** xAI counts reasoning outside of completion and says what the call cost: 2,328,560 ticks of 1e-10 USD = 232,856 nano-dollars. */
  xai: {
    prompt_tokens: 101,
    completion_tokens: 15,
    total_tokens: 144,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens_details: { reasoning_tokens: 28 },
    cost_in_usd_ticks: 2_328_560,
  },
  /** text-embedding-3-small at 0.02: 500 × 0.02 = 10 micro-dollars. */
  embeddings: { prompt_tokens: 500, total_tokens: 500 },
} as const;

/** What those answers cost, in nano-dollars. */
export const costs = {
  'gpt-5.4-mini': 138_000,
  'claude-sonnet-4-6': 594_000,
  'gemini-2.5-flash': 59_000,
  'grok-4-0709': 232_856,
  'text-embedding-3-small': 10_000,
} as const;

/** What the default answers say; multi-byte on purpose. */
export const answerText = 'Hello from 北京😀, naïve world.';
export const thinkingText = 'Let me think: 北京 first.';
export const answerObject = { city: '北京😀', temperature: 21 } as const;
/** Opaque state of the default answers. */
export const signatures = { anthropic: 'EqQBCgIYAhIM+sig/AA==', gemini: 'CpIBAdHtim9+sig/BB==' } as const;
