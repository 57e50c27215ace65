import type { Message, TextPart, ToolCallPart } from '../../domain/conversation.ts';
import { renderAssistantParts } from './assistant.ts';
import { renderText, renderToolResult, renderUserPart } from './content.ts';
import type { RenderContext } from './render-context.ts';
import type { ToolAnswers } from './tool-answers.ts';
import { pairToolAnswers } from './tool-answers.ts';
import { createToolCallIds } from './tool-call-ids.ts';
import { settleTurns } from './turns.ts';
import type { TextBlock, Turn, UserBlock } from './wire.ts';

/** The system messages before all others, as blocks of the top-level `system`, and how many messages they were. */
export function renderLeadingSystem(messages: readonly Message[], context: RenderContext): { system: TextBlock[]; count: number } {
  const system: TextBlock[] = [];
  let count = 0;
  for (const message of messages) {
    if (message.role !== 'system') break;
    system.push(...renderTexts(message.parts, `messages[${count}]`, context));
    count++;
  }
  return { system, count };
}

/** All messages from `first` on, as alternating turns; every tool call is answered in the user turn right after it. */
export function renderMessages(messages: readonly Message[], first: number, context: RenderContext): Turn[] {
  const answers = pairToolAnswers(messages);
  const ids = createToolCallIds();
  const wireIds = new Map<ToolCallPart, string>();
  const turns: Turn[] = [];
  let unanswered: { call: ToolCallPart; path: string }[] = [];

  function idOf(call: ToolCallPart): string {
    const id = wireIds.get(call) ?? ids.assign(call.id);
    wireIds.set(call, id);
    return id;
  }

  function answerCalls(): void {
    const content = unanswered.map(({ call, path }) => renderAnswer(call, idOf(call), path, answers, context));
    unanswered = [];
    if (content.length > 0) turns.push({ role: 'user', content });
  }

  for (const [index, message] of messages.entries()) {
    if (index < first) continue;
    const path = `messages[${index}]`;
    if (message.role === 'assistant') {
      turns.push({ role: 'assistant', content: renderAssistantParts(message.parts, path, idOf, context) });
      for (const [at, part] of message.parts.entries()) {
        if (part.type === 'tool-call') unanswered.push({ call: part, path: `${path}.parts[${at}]` });
      }
      continue;
    }
    answerCalls();
    if (message.role === 'system') turns.push({ role: 'system', content: renderTexts(message.parts, path, context) });
    else if (message.role === 'user') turns.push({ role: 'user', content: renderUserMessage(message, path, context) });
    else {
      const content = renderOrphans(message, path, answers, context);
      if (content.length > 0) turns.push({ role: 'user', content });
    }
  }
  answerCalls();
  return settleTurns(turns, context);
}

function renderTexts(parts: readonly TextPart[], path: string, context: RenderContext): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const [index, part] of parts.entries()) {
    const block = renderText(part, `${path}.parts[${index}]`, context);
    if (block) blocks.push(block);
  }
  return blocks;
}

function renderUserMessage(message: Message & { role: 'user' }, path: string, context: RenderContext): UserBlock[] {
  const blocks: UserBlock[] = [];
  for (const [index, part] of message.parts.entries()) {
    const block = renderUserPart(part, `${path}.parts[${index}]`, context);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** The vendor wants one result for each call: an aborted one gets a stand-in. */
function renderAnswer(call: ToolCallPart, wireId: string, path: string, answers: ToolAnswers, context: RenderContext): UserBlock {
  const answer = answers.byCall.get(call);
  if (answer) return renderToolResult(answer.result, wireId, answer.path, context);
  context.lose(path, 'The tool call has no result; "[no result]" is sent in its place.');
  return { type: 'tool_result', tool_use_id: wireId, content: '[no result]' };
}

/** Results without a call, as after a caller shortened its history: their content is kept as user text. */
function renderOrphans(message: Message & { role: 'tool' }, path: string, answers: ToolAnswers, context: RenderContext): UserBlock[] {
  const blocks: UserBlock[] = [];
  for (const [index, result] of message.results.entries()) {
    if (!answers.orphans.has(result)) continue;
    const resultPath = `${path}.results[${index}]`;
    context.lose(resultPath, 'The tool call of this result is not in the conversation; the result is sent as user text.');
    blocks.push({ type: 'text', text: `[tool result ${result.callId}]` });
    for (const [partIndex, part] of result.parts.entries()) {
      const block = renderUserPart(part, `${resultPath}.parts[${partIndex}]`, context);
      if (block) blocks.push(block);
    }
  }
  return blocks;
}
