import type { ChatEvent } from '../domain/chat-event.ts';
import type { ChatRequest, ChatResponse, Loss, ReasoningOrigin } from '../domain/conversation.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { TokenUsage } from '../domain/token-usage.ts';
import type { UpstreamFault } from '../domain/upstream-fault.ts';
import type { SseEvent } from './sse.ts';

export type DialectId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini-generate';

/** What every wire format must be able to say even when bytes pass through untouched. */
export interface Dialect {
  readonly id: DialectId;
  /** Reads the facts of a whole JSON reply (chat, embeddings, count_tokens, …) without changing it. */
  readReply(body: Buffer): ReplyFacts;
  /** Reads the facts of a streamed reply from its bytes once it is over, parsing only the events that matter. */
  readStream(chunks: readonly Buffer[]): StreamFacts;
  /** True when `tail` holds the event that ends a stream: the newest bytes, with those before them that belong to the same event (at least 2 KB of them, if there were as many). */
  endsStream(tail: Buffer): boolean;
  parseError(status: number, body: unknown): UpstreamFault;
  /** The gateway's own error, or an upstream's fault, as this dialect's clients expect it. */
  renderError(error: GatewayError): RenderedError;
  /** The frame that tells this dialect's SDKs that a stream already begun has failed. */
  renderStreamError(error: GatewayError): SseEvent;
  /** Present where callers may speak it and be translated. */
  readonly caller?: CallerSide;
  /** Present where upstreams of it can be reached by translation. */
  readonly upstream?: UpstreamSide;
}

/** A program speaks this dialect to us, the provider speaks another. */
export interface CallerSide {
  /** @throws GatewayError invalid_request with `param` = the path of the field at fault */
  parseRequest(body: unknown): ChatRequest;
  renderResponse(response: ChatResponse): unknown;
  /** Pure reducer: event in, wire events out. */
  createStreamRenderer(options: StreamRendererOptions): (event: ChatEvent) => SseEvent[];
}

export interface StreamRendererOptions {
  /** The model name the caller used. */
  model: string;
  includeUsage: boolean;
  /** Epoch ms, for `created`. */
  createdAt: number;
  /** Who signs the reasoning of this answer; without it no signature is sent on. */
  reasoningOrigin?: ReasoningOrigin;
}

/** We call a provider in this dialect on behalf of a caller who speaks another. */
export interface UpstreamSide {
  /** @throws GatewayError unsupported_feature where dropping a field would change the answer's meaning */
  renderRequest(request: ChatRequest, target: UpstreamModel): RenderedRequest;
  parseResponse(body: unknown, target: UpstreamModel, toolNames?: ToolNameMap): ChatResponse;
  /** Pure reducer over decoded events; `end` = bytes are over (null event). */
  createStreamParser(target: UpstreamModel, toolNames?: ToolNameMap): (event: SseEvent | null) => ChatEvent[];
}

export interface UpstreamModel {
  /** The model name the provider knows. */
  model: string;
  /** The model's output limit in tokens, where known. */
  maxOutputTokens: number | null;
}

export interface RenderedRequest {
  body: Record<string, unknown>;
  losses: Loss[];
  /** Tools sent under another name or in another shape; to be handed to the parser of the answer. */
  toolNames?: ToolNameMap;
}

/** What the caller calls a tool that was sent under another name or in another shape; tools sent as they are have no entry. */
export interface SentTool {
  name: string;
  /** A free-text tool: it was sent as a function with one string argument, `input`. */
  custom: boolean;
}

/** Sent name → the caller's tool. */
export type ToolNameMap = ReadonlyMap<string, SentTool>;

export interface RenderedError {
  status: number;
  body: unknown;
}

export interface ReplyFacts {
  usage: TokenUsage | null;
  /** The provider's id of the answer ("chatcmpl-…", "msg_…"). */
  responseId: string | null;
  /** The model the provider says it served. */
  model: string | null;
  finishReason: string | null;
}

export interface StreamFacts extends ReplyFacts {
  /** The provider's own end was seen; false = the stream was cut. */
  complete: boolean;
  /** An error event arrived inside the stream. */
  fault: UpstreamFault | null;
}
