import type { FinishReason } from './conversation.ts';
import type { TokenUsage } from './token-usage.ts';
import type { UpstreamFault } from './upstream-fault.ts';

/**
 * One step of a streamed answer in the neutral form. Upstream dialects parse their stream into these, caller dialects
 * render theirs from them; both are pure reducers. `choice` is the answer's index where several were asked for.
 *
 * Order: one `start`; then content events; tool calls are keyed by `call`, dense from 0 in order of their start within a
 * choice and never a wire block index; `usage` any number of times, the last wins; one `finish` per choice; one `end`.
 * A stream that ends without `end` was cut. `error` is terminal.
 */
export type ChatEvent =
  | { type: 'start'; id: string; model: string }
  | { type: 'text-delta'; choice: number; text: string }
  /** Signature of the text part just ended (Gemini). */
  | { type: 'text-signature'; choice: number; signature: string }
  | { type: 'reasoning-delta'; choice: number; text: string }
  /** Signature of the reasoning part that is open; it ends that part. */
  | { type: 'reasoning-signature'; choice: number; signature: string }
  /** A whole reasoning part whose text is hidden. */
  | { type: 'reasoning-redacted'; choice: number; data: string }
  | { type: 'refusal-delta'; choice: number; text: string }
  | { type: 'tool-call-start'; choice: number; call: number; id: string; name: string; signature?: string; custom?: boolean }
  | { type: 'tool-call-delta'; choice: number; call: number; argumentsText: string }
  | { type: 'tool-call-end'; choice: number; call: number }
  | { type: 'image'; choice: number; mediaType: string; data: string }
  | { type: 'usage'; usage: TokenUsage }
  | { type: 'finish'; choice: number; reason: FinishReason; stopSequence: string | null; refusalText?: string }
  | { type: 'error'; fault: UpstreamFault }
  | { type: 'end' };
