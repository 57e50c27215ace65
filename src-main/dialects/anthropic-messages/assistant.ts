import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../domain/conversation.ts';
import { asObject, type JsonObject, parseJson } from '../json-value.ts';
import { renderText } from './content.ts';
import type { RenderContext } from './render-context.ts';
import type { AssistantBlock, RedactedThinkingBlock, ThinkingBlock } from './wire.ts';

/**
 * Order is kept as it is: the vendor checks signed thinking against its place among texts and tool calls.
 * @param idOf the id to send for each tool call
 */
export function renderAssistantParts(
  parts: readonly AssistantPart[],
  path: string,
  idOf: (call: ToolCallPart) => string,
  context: RenderContext,
): AssistantBlock[] {
  const blocks: AssistantBlock[] = [];
  for (const [index, part] of parts.entries()) {
    const block = renderPart(part, `${path}.parts[${index}]`, idOf, context);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** Thinking goes back byte for byte, and only to the model that signed it; null = it cannot be restored. */
export function restoreThinking(part: ReasoningPart, model: string): ThinkingBlock | RedactedThinkingBlock | null {
  if (part.origin?.dialect !== 'anthropic-messages' || part.origin.model !== model) return null;
  if (part.redactedData !== undefined) return { type: 'redacted_thinking', data: part.redactedData };
  return part.signature ? { type: 'thinking', thinking: part.text, signature: part.signature } : null;
}

function renderPart(
  part: AssistantPart,
  path: string,
  idOf: (call: ToolCallPart) => string,
  context: RenderContext,
): AssistantBlock | null {
  switch (part.type) {
    case 'text':
      return renderText(part, path, context);
    case 'refusal':
      return part.text.trim() === '' ? null : { type: 'text', text: part.text };
    case 'reasoning': {
      const block = restoreThinking(part, context.model);
      if (!block) context.lose(path, `Reasoning that ${context.model} did not sign cannot be sent back to it.`);
      return block;
    }
    case 'tool-call': {
      if (part.signature !== undefined) context.lose(`${path}.signature`, 'A signature of another vendor means nothing to this one.');
      const input = part.custom ? { input: part.argumentsText } : renderArguments(part.argumentsText, path, context);
      const block: AssistantBlock = { type: 'tool_use', id: idOf(part), name: context.names.sent(part.name), input };
      return context.marks.mark(block, part, path);
    }
    case 'image':
      context.lose(path, 'An assistant message cannot hold an image.');
      return null;
  }
}

/** The vendor wants an object: no arguments become `{}`, anything else that is none is kept as text under `_raw`. */
function renderArguments(text: string, path: string, context: RenderContext): JsonObject {
  if (text.trim() === '') return {};
  const parsed = asObject(parseJson(text));
  if (parsed) return parsed;
  context.lose(`${path}.argumentsText`, 'The arguments are not a JSON object; they are sent as text under "_raw".');
  return { _raw: text };
}
