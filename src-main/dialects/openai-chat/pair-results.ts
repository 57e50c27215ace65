import type { AssistantPart, Message, ToolCallPart, ToolResult } from '../../domain/conversation.ts';

/**
 * Chat upstreams want, right behind an assistant message, one result for each of its calls and for nothing else.
 * Histories break that: results stand behind other messages, a turn was aborted before its result, or compaction
 * removed the call. Results move to their calls, missing ones are said to be missing, orphans become user text.
 */
export function pairToolResults(messages: readonly Message[]): Message[] {
  const paired: Message[] = [];
  const used = new Set<ToolResult>();
  for (const [at, message] of messages.entries()) {
    if (message.role === 'assistant') {
      paired.push(message);
      const calls = message.parts.filter(isToolCall);
      const waiting = calls.length > 0 ? resultsUntilNextAnswer(messages, at + 1) : [];
      const results = calls.map((call) => takeResult(call, waiting, used));
      if (results.length > 0) paired.push({ role: 'tool', results });
    } else if (message.role === 'tool') {
      const orphans = message.results.filter((result) => !used.has(result));
      if (orphans.length > 0) paired.push(renderOrphans(orphans));
    } else paired.push(message);
  }
  return paired;
}

function isToolCall(part: AssistantPart): part is ToolCallPart {
  return part.type === 'tool-call';
}

function resultsUntilNextAnswer(messages: readonly Message[], from: number): ToolResult[] {
  const results: ToolResult[] = [];
  for (let at = from; at < messages.length; at++) {
    const message = messages[at];
    if (message?.role === 'assistant') break;
    if (message?.role === 'tool') results.push(...message.results);
  }
  return results;
}

function takeResult(call: ToolCallPart, waiting: readonly ToolResult[], used: Set<ToolResult>): ToolResult {
  const result = waiting.find((candidate) => candidate.callId === call.id && !used.has(candidate));
  if (result === undefined) return { callId: call.id, parts: [{ type: 'text', text: '[no result]' }] };
  used.add(result);
  return result;
}

function renderOrphans(results: readonly ToolResult[]): Message {
  return {
    role: 'user',
    parts: results.flatMap((result) => [{ type: 'text' as const, text: `[tool result ${result.callId}]` }, ...result.parts]),
  };
}
