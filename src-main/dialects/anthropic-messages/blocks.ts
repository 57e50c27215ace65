import type { AssistantPart, FinishReason } from '../../domain/conversation.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';

/**
 * A content block of an answer, as far as a caller of another dialect can be shown it: in a whole answer as it stands, in
 * a stream as `content_block_start` announces it. Server tools and their results, compaction, fallback and block types
 * we do not know are null: they must not become the caller's tool calls, and the text beside them says what they gave.
 */
export type AnswerBlock =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string; signature: string }
  | { kind: 'redacted'; data: string }
  /** `argumentsText` is "" when the input is empty: in a stream the real arguments follow. */
  | { kind: 'tool-call'; id: string; name: string; argumentsText: string };

export function parseBlock(value: unknown): AnswerBlock | null {
  const block = asObject(value);
  switch (block?.['type']) {
    case 'text':
      return { kind: 'text', text: asText(block['text']) ?? '' };
    case 'thinking':
      return { kind: 'thinking', text: asText(block['thinking']) ?? '', signature: asText(block['signature']) ?? '' };
    case 'redacted_thinking':
      return { kind: 'redacted', data: asText(block['data']) ?? '' };
    case 'tool_use': {
      const input = asObject(block['input']);
      const argumentsText = input && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
      return { kind: 'tool-call', id: asText(block['id']) ?? '', name: asText(block['name']) ?? '', argumentsText };
    }
    default:
      return null;
  }
}

/** Arguments of a call that takes none; "" would not parse at the caller's end. */
export const noArguments = '{}';

/** @param model the model asked for, which is the one the thinking may go back to */
export function partOfBlock(block: AnswerBlock, model: string): AssistantPart | null {
  const origin = { dialect: 'anthropic-messages', model };
  switch (block.kind) {
    case 'text':
      return block.text === '' ? null : { type: 'text', text: block.text };
    case 'thinking':
      return { type: 'reasoning', text: block.text, ...(block.signature && { signature: block.signature }), origin };
    case 'redacted':
      return { type: 'reasoning', text: '', redactedData: block.data, origin };
    case 'tool-call':
      return { type: 'tool-call', id: block.id, name: block.name, argumentsText: block.argumentsText || noArguments };
  }
}

interface Finish {
  reason: FinishReason;
  stopSequence: string | null;
  refusalText?: string;
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  tool_use: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  pause_turn: 'pause',
  refusal: 'refusal',
};

/**
 * @param delta a message, or the `delta` of its `message_delta` events
 * @param toolCalls how many client tool calls the answer holds: they, not the vendor's word, make it end in tool calls
 */
export function parseFinish(delta: JsonObject, toolCalls: number): Finish {
  const stopReason = asText(delta['stop_reason']) ?? '';
  const named = Object.hasOwn(finishReasons, stopReason) ? (finishReasons[stopReason] ?? 'other') : 'other';
  const reason = toolCalls > 0 && (named === 'stop' || named === 'other') ? 'tool-calls' : named;
  const finish: Finish = { reason, stopSequence: asText(delta['stop_sequence']) };
  if (reason !== 'refusal') return finish;
  const details = asObject(delta['stop_details']);
  const category = asText(details?.['category']);
  const refusalText = asText(details?.['explanation']) ?? (category === null ? null : `The request was refused (${category}).`);
  return refusalText === null ? finish : { ...finish, refusalText };
}
