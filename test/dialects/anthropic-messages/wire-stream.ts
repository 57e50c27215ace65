import { createStreamParser } from '../../../src-main/dialects/anthropic-messages/parse-stream.ts';
import type { ToolNameMap } from '../../../src-main/dialects/dialect.ts';
import { createSseParser } from '../../../src-main/dialects/sse.ts';
import type { ChatEvent } from '../../../src-main/domain/chat-event.ts';

export type WireEvent = { type: string } & Record<string, unknown>;

/** The bytes of a stream as the vendor sends it. */
export function wireBytes(events: readonly WireEvent[]): Buffer {
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

export const target = { model: 'claude-opus-5', maxOutputTokens: null };

/** Neutral events of a stream that arrives in the given pieces. */
export function parsePieces(pieces: readonly Buffer[], toolNames?: ToolNameMap): ChatEvent[] {
  const sse = createSseParser();
  const parse = createStreamParser(target, toolNames);
  const events = pieces.flatMap((piece) => sse.push(piece).flatMap(parse));
  return [...events, ...sse.end().flatMap(parse), ...parse(null)];
}

export function parseEvents(events: readonly WireEvent[], toolNames?: ToolNameMap): ChatEvent[] {
  return parsePieces([wireBytes(events)], toolNames);
}

export function messageStart(usage: unknown = { input_tokens: 10, output_tokens: 1 }): WireEvent {
  return {
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-5', content: [], usage },
  };
}

export function block(index: number, contentBlock: Record<string, unknown>, deltas: readonly Record<string, unknown>[] = []): WireEvent[] {
  return [
    { type: 'content_block_start', index, content_block: contentBlock },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export function messageEnd(stopReason: string, extra: Record<string, unknown> = {}): WireEvent[] {
  return [
    { type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null, ...extra }, usage: { output_tokens: 20 } },
    { type: 'message_stop' },
  ];
}

export const text = (value: string) => ({ type: 'text_delta', text: value });
export const json = (value: string) => ({ type: 'input_json_delta', partial_json: value });
