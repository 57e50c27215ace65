import type { Message, ToolCallPart, ToolResult } from '../../domain/conversation.ts';

interface ToolAnswer {
  result: ToolResult;
  /** Where the result stands in the request. */
  path: string;
}

export interface ToolAnswers {
  /** By the call itself, not by its id: ids are reused across turns by some servers. */
  byCall: ReadonlyMap<ToolCallPart, ToolAnswer>;
  /** Results whose call is not in the history, or was answered already. */
  orphans: ReadonlySet<ToolResult>;
}

/** Pairs every tool call with the first result after it that names its id. */
export function pairToolAnswers(messages: readonly Message[]): ToolAnswers {
  const open = new Map<string, ToolCallPart>();
  const byCall = new Map<ToolCallPart, ToolAnswer>();
  const orphans = new Set<ToolResult>();
  for (const [messageIndex, message] of messages.entries()) {
    if (message.role === 'assistant') {
      for (const part of message.parts) if (part.type === 'tool-call') open.set(part.id, part);
    } else if (message.role === 'tool') {
      for (const [index, result] of message.results.entries()) {
        const call = open.get(result.callId);
        open.delete(result.callId);
        if (call) byCall.set(call, { result, path: `messages[${messageIndex}].results[${index}]` });
        else orphans.add(result);
      }
    }
  }
  return { byCall, orphans };
}
