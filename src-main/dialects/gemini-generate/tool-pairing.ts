import type { Message, ToolCallPart, ToolResult } from '../../domain/conversation.ts';

export interface ToolPairing {
  /** The result of each call that has one. */
  resultOf: ReadonlyMap<ToolCallPart, ToolResult>;
  /** Results that belong to no call before them: a client compacted its history. */
  orphans: ReadonlySet<ToolResult>;
}

/**
 * Matches every tool call with its result, wherever in the history behind it the result stands. Ids may repeat across
 * turns (local models reuse "call_0"): a result belongs to the nearest call of its id before it that is unanswered.
 */
export function pairToolResults(messages: readonly Message[]): ToolPairing {
  const resultOf = new Map<ToolCallPart, ToolResult>();
  const orphans = new Set<ToolResult>();
  /** Unanswered calls of the last assistant turn that used the id. */
  const open = new Map<string, { turn: number; calls: ToolCallPart[] }>();
  for (const [turn, message] of messages.entries()) {
    if (message.role === 'assistant') {
      for (const part of message.parts) {
        if (part.type !== 'tool-call') continue;
        const entry = open.get(part.id);
        if (entry?.turn === turn) entry.calls.push(part);
        else open.set(part.id, { turn, calls: [part] });
      }
    } else if (message.role === 'tool') {
      for (const result of message.results) {
        const call = open.get(result.callId)?.calls.shift();
        if (call === undefined) orphans.add(result);
        else resultOf.set(call, result);
      }
    }
  }
  return { resultOf, orphans };
}
