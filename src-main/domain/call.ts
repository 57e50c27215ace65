import type { ErrorCode } from '../contract/error-codes.ts';
import type { Loss } from './conversation.ts';
import type { TokenUsage } from './token-usage.ts';

/** A started call either reaches one of the other states or, after a crash, becomes `interrupted` exactly once. */
export type CallStatus = 'started' | 'ok' | 'error' | 'client_aborted' | 'upstream_truncated' | 'interrupted' | 'blocked';

/** What kind of request it was; decides the usage reader and the path sent upstream. */
export type Endpoint =
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'messages'
  | 'count-tokens'
  | 'responses'
  | 'gemini-generate'
  | 'gemini-embed'
  | 'gemini-count'
  | 'images'
  | 'audio'
  | 'moderations'
  | 'other';

/** `unchanged` = the provider got the caller's bytes; `patched` = model name or usage request spliced in; `translated` = another dialect. */
export type Conversion = 'unchanged' | 'patched' | 'translated';

/** Known before anything is sent upstream. Written to the journal at once. */
export interface CallStart {
  /** Time-ordered integer, also the row id; see domain/call-id.ts for its text form "call_…". */
  id: number;
  /** Epoch ms. */
  startedAt: number;
  endpoint: Endpoint;
  callerDialect: string;
  /** null while no target could be resolved (unknown model, malformed body). */
  upstreamDialect: string | null;
  provider: string | null;
  /** The model name as the caller wrote it; "" when the body had none. */
  requestedModel: string;
  /** The model name sent to the provider. */
  model: string | null;
  conversion: Conversion;
  stream: boolean;
  callerKeyId: string | null;
  /** Short name of the program calling us, from its User-Agent ("claude-cli", "OpenAI/JS"). */
  client: string | null;
  tags: Readonly<Record<string, string>>;
  conversationId: string | null;
  /** W3C trace context of the caller, if it sent one. */
  traceId: string | null;
  parentSpanId: string | null;
  requestBytes: number;
  /** The caller brought its own provider key (X-Provider-Api-Key). */
  byok: boolean;
}

export interface CallEnd {
  id: number;
  status: Exclude<CallStatus, 'started'>;
  /** Sent to the caller; 499 when it hung up before an answer. */
  httpStatus: number;
  durationMs: number;
  /** Start to first byte relayed; null when none was. */
  firstByteMs: number | null;
  responseBytes: number;
  servedModel: string | null;
  /** The provider's id of the answer, for joins with other telemetry. */
  responseId: string | null;
  finishReason: string | null;
  usage: TokenUsage | null;
  /** null = unknown, never 0 for "unknown". */
  costNanoUsd: number | null;
  costSource: CostSource;
  /** The price row used, stored once and referenced. `id` is stable. */
  priceRow: { id: string } | null;
  losses: Loss[];
  attempts: Attempt[];
  /** How the request was sent at last; left out when it was as the start says. */
  conversion?: Conversion;
  error: CallError | null;
}

/** `free`: the provider bills nothing for such a request (counting tokens, reading a stored answer). */
export type CostSource = 'provider' | 'price-book' | 'override' | 'unknown' | 'estimated' | 'demo' | 'free';

/** One try at the provider. */
export interface Attempt {
  /** Milliseconds after the call's start. */
  atMs: number;
  durationMs: number;
  /** Upstream's HTTP status; null when no answer came. */
  status: number | null;
  /** Upstream's own request id header. */
  requestId: string | null;
  error: string | null;
}

export interface CallError {
  code: ErrorCode;
  /** Redacted text. */
  message: string;
  /** The provider's type/code strings. */
  providerType: string | null;
  providerCode: string | null;
}
