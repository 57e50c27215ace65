import type { TokenUsage } from './token-usage.ts';

/**
 * The neutral form: what every dialect is parsed into and rendered from. It holds what the four wire formats can say
 * about a chat; what only one of them can say stays in `unmapped` and becomes a Loss when another dialect is rendered.
 */
export interface ChatRequest {
  model: string;
  /** In the caller's order; system messages stay where the caller put them. */
  messages: Message[];
  tools: Tool[];
  toolChoice: ToolChoice | null;
  parallelToolCalls: boolean | null;
  maxOutputTokens: number | null;
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  frequencyPenalty: number | null;
  presencePenalty: number | null;
  seed: number | null;
  logprobs: boolean | null;
  topLogprobs: number | null;
  stop: string[];
  /** How many answers are asked for ("n", "candidateCount"); null = not said = 1. */
  choiceCount: number | null;
  responseFormat: ResponseFormat | null;
  reasoning: ReasoningSettings | null;
  serviceTier: string | null;
  /** The end user's id, for the provider's abuse detection. */
  userId: string | null;
  /** Hosted web search was asked for. */
  webSearch: boolean;
  stream: boolean;
  /** The caller wants the usage chunk at the end of a stream (OpenAI's stream_options.include_usage). */
  includeUsage: boolean;
  /** Fields of the caller's dialect that have no word here: every one becomes a Loss in another dialect. */
  unmapped: UnmappedField[];
}

export interface UnmappedField {
  /** Where it stood in the caller's body, e.g. "logit_bias" or "messages[2].content[0].detail". */
  path: string;
  reason: string;
}

/** Something the upstream's dialect cannot say. Recorded on the call, shown in the UI, 422 in strict mode. */
export interface Loss {
  path: string;
  reason: string;
}

export type Message =
  | { role: 'system'; parts: TextPart[] }
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  | { role: 'tool'; results: ToolResult[] };

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart;
export type AssistantPart = TextPart | ReasoningPart | RefusalPart | ToolCallPart | ImagePart;

/** A prompt-cache breakpoint set by the caller behind this element. */
export interface CacheMark {
  cacheTtl?: '5m' | '1h';
}

export interface TextPart extends CacheMark {
  type: 'text';
  text: string;
  /** Gemini may sign a text part; must come back byte for byte. */
  signature?: string;
}

export interface ImagePart extends CacheMark {
  type: 'image';
  source: MediaSource;
  detail?: 'auto' | 'low' | 'high' | 'original';
}

export interface DocumentPart extends CacheMark {
  type: 'document';
  source: MediaSource;
  fileName?: string;
}

export interface AudioPart {
  type: 'audio';
  source: MediaSource;
}

export type MediaSource =
  | { kind: 'base64'; mediaType: string; data: string }
  | { kind: 'url'; url: string; mediaType?: string }
  /** A provider's own file id: never portable to another provider. */
  | { kind: 'file'; fileId: string };

/** Visible thinking and the opaque state that must return unchanged with it. */
export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  /** Anthropic `signature`, Gemini `thoughtSignature`, OpenAI `encrypted_content`: byte for byte. */
  signature?: string;
  /** Anthropic `redacted_thinking.data`; then `text` is empty. */
  redactedData?: string;
  /** Who signed it. A signature is sent back only to the same dialect and model; elsewhere the part is dropped. */
  origin?: ReasoningOrigin;
}

export interface ReasoningOrigin {
  dialect: string;
  model: string;
}

export interface RefusalPart {
  type: 'refusal';
  text: string;
}

export interface ToolCallPart extends CacheMark {
  type: 'tool-call';
  /** The id the caller knows the call by; unique within a conversation. */
  id: string;
  name: string;
  /** JSON text exactly as the model wrote it; "" and invalid JSON occur. */
  argumentsText: string;
  /** Gemini `thoughtSignature` of this call. */
  signature?: string;
  signatureOrigin?: ReasoningOrigin;
  /** An OpenAI custom tool: `argumentsText` is free text, not JSON. */
  custom?: boolean;
}

export interface ToolResult extends CacheMark {
  callId: string;
  /** The function's name where the dialect says it (Gemini); else looked up by call id in the history. */
  name?: string;
  parts: (TextPart | ImagePart | DocumentPart)[];
  isError?: boolean;
}

export interface Tool extends CacheMark {
  name: string;
  description: string | null;
  /** JSON Schema of the arguments; null = the tool takes none. */
  parameters: Record<string, unknown> | null;
  strict: boolean | null;
  /** An OpenAI custom (free text) tool, and its grammar if any. */
  custom?: { format: unknown };
}

export type ToolChoice =
  | { type: 'none' }
  | { type: 'auto' }
  | { type: 'required' }
  | { type: 'tool'; name: string }
  /** Only these tools, optional or at least one. */
  | { type: 'allowed'; mode: 'auto' | 'required'; names: string[] };

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; name: string; description: string | null; schema: Record<string, unknown>; strict: boolean | null };

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export interface ReasoningSettings {
  effort: ReasoningEffort | null;
  /** Thinking budget in tokens (older Claude, Gemini 2.5); -1 = dynamic. */
  budgetTokens: number | null;
}

export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'tool-calls'
  | 'length'
  | 'content-filter'
  | 'refusal'
  | 'pause'
  | 'malformed-tool-call'
  | 'other';

export interface ChatResponse {
  /** The upstream's own id. */
  id: string;
  model: string;
  createdAt: number;
  choices: ChatChoice[];
  usage: TokenUsage | null;
}

export interface ChatChoice {
  parts: AssistantPart[];
  finishReason: FinishReason;
  stopSequence: string | null;
  /** Explanation the upstream gave for a refusal or a block. */
  refusalText?: string;
  /** In OpenAI's shape, when the upstream's could be expressed in it. */
  logprobs?: unknown;
}
