import type { EffortLevel } from './wire.ts';

/**
 * What each Claude model accepts, as data. Source: the vendor's model and thinking pages and its SDK typings, November
 * 2026. A row answers "would the API reject this?"; everything that chooses reads it and nothing else tests model names.
 */
export interface ModelCapabilities {
  /** Values of `thinking.type` that are accepted; empty = the model cannot think. */
  thinkingTypes: readonly ('adaptive' | 'enabled' | 'between_tools' | 'disabled')[];
  /** It thinks when `thinking` is omitted. */
  thinksByDefault: boolean;
  /** Values of `output_config.effort`; empty = not used (budget models are steered by their budget). */
  effortLevels: readonly EffortLevel[];
  maxOutputTokens: number;
  /** `temperature`, `top_p`, `top_k`: rejected, not `temperature` beside `top_p`, or any. */
  sampling: 'none' | 'one' | 'any';
  /** `tool_choice` of type `any` and `tool`: never, or only while the model does not think. */
  forcedToolChoice: 'never' | 'without-thinking';
  /** The last message may be the assistant's. */
  prefill: boolean;
  /** `output_config.format` and strict tools. */
  structuredOutputs: boolean;
  /** `role: "system"` inside `messages`. */
  systemInMessages: boolean;
}

const upToMax = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** The shape of the newest models, and what an id we do not know is taken for: it uses only what all of them accept. */
const newest: ModelCapabilities = {
  thinkingTypes: ['adaptive'],
  thinksByDefault: true,
  effortLevels: upToMax,
  maxOutputTokens: 128_000,
  sampling: 'none',
  forcedToolChoice: 'never',
  prefill: false,
  structuredOutputs: true,
  systemInMessages: false,
};

const five: ModelCapabilities = { ...newest, thinkingTypes: ['adaptive', 'disabled'], forcedToolChoice: 'without-thinking' };
const fourSeven: ModelCapabilities = { ...five, thinksByDefault: false };
const fourSix: ModelCapabilities = {
  ...fourSeven,
  thinkingTypes: ['adaptive', 'enabled', 'disabled'],
  effortLevels: ['low', 'medium', 'high', 'max'],
  sampling: 'one',
};
const fourFive: ModelCapabilities = {
  ...fourSix,
  thinkingTypes: ['enabled', 'disabled'],
  effortLevels: [],
  maxOutputTokens: 64_000,
  prefill: true,
};
const four: ModelCapabilities = { ...fourFive, structuredOutputs: false };
const three: ModelCapabilities = { ...four, thinkingTypes: [], maxOutputTokens: 8_192, sampling: 'any' };

/** Keyed by line and version; a key without a minor version stands for all of them. */
const models: Readonly<Record<string, ModelCapabilities>> = {
  'fable-5': { ...newest, systemInMessages: true },
  'mythos-5': { ...newest, systemInMessages: true },
  'opus-5.5': { ...newest, systemInMessages: true },
  'sonnet-5.5': { ...newest, thinkingTypes: ['adaptive', 'between_tools'] },
  'haiku-5.5': five,
  'opus-5.0': { ...five, systemInMessages: true },
  'sonnet-5.0': five,
  'opus-4.8': { ...fourSeven, systemInMessages: true },
  'opus-4.7': fourSeven,
  'opus-4.6': fourSix,
  'sonnet-4.6': fourSix,
  'opus-4.5': fourFive,
  'sonnet-4.5': fourFive,
  'haiku-4.5': fourFive,
  'opus-4.1': { ...fourFive, maxOutputTokens: 32_000 },
  'opus-4.0': { ...four, maxOutputTokens: 32_000 },
  'sonnet-4.0': four,
  'sonnet-3.7': { ...three, thinkingTypes: ['enabled', 'disabled'], maxOutputTokens: 64_000 },
  'sonnet-3.5': three,
  'haiku-3.5': three,
  'opus-3.0': { ...three, maxOutputTokens: 4_096 },
  'sonnet-3.0': { ...three, maxOutputTokens: 4_096 },
  'haiku-3.0': { ...three, maxOutputTokens: 4_096 },
};

/** Other vendors' models behind an Anthropic-compatible address: what such addresses have in common; their limits are not known. */
const otherVendor: ModelCapabilities = { ...three, maxOutputTokens: 128_000 };

/** Accepts plain, dated ("…-20251001"), dotted ("claude-opus-4.6") and prefixed ("anthropic/claude-…") ids. Never fails. */
export function resolveCapabilities(model: string): ModelCapabilities {
  const id = model.toLowerCase();
  if (!id.includes('claude')) return otherVendor;
  const named = /claude-([a-z]+)-(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?/.exec(id);
  const numbered = /claude-(\d)(?:[-.](\d))?-([a-z]+)/.exec(id);
  const [line, major, minor] = named ? [named[1], named[2], named[3]] : numbered ? [numbered[3], numbered[1], numbered[2]] : [];
  return models[`${line}-${major}.${minor ?? '0'}`] ?? models[`${line}-${major}`] ?? newest;
}
