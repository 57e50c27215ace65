import { createHash } from 'node:crypto';
import type {
  AssistantPart,
  Message,
  ReasoningOrigin,
  ReasoningPart,
  ToolCallPart,
  ToolResult,
  UserPart,
} from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import type { ToolNames } from '../tool-names.ts';
import type { LossNotes } from './loss-notes.ts';
import { pairToolResults } from './pair-results.ts';
import { readReasoningBlob } from './reasoning-blob.ts';
import { hasOpaqueState } from './reasoning-details.ts';
import { noteCacheMarks, renderUserContent } from './render-content.ts';
import { emptyInput, renderToolCall } from './render-parts.ts';

interface HistoryContext {
  /** The name the upstream knows its model by. */
  model: string;
  tools: ToolNames;
  losses: LossNotes;
}

/** OpenAI's limit. */
const callIdLength = 64;

const foreignReasoning = 'reasoning of another model means nothing to this one';

/** Renders a history for an upstream. */
export function renderMessages(messages: readonly Message[], context: HistoryContext): JsonObject[] {
  const paired = pairToolResults(messages);
  const turnStart = paired.findLastIndex((message) => message.role === 'user');
  return paired.flatMap((message, at) => renderMessage(message, { ...context, isCurrentTurn: at > turnStart }));
}

function renderMessage(message: Message, context: MessageContext): JsonObject[] {
  switch (message.role) {
    case 'system':
      noteCacheMarks(message.parts, context.losses);
      return [{ role: 'system', content: message.parts.map((part) => part.text).join('\n\n') }];
    case 'user':
      return [{ role: 'user', content: renderUserContent(message.parts, context.losses) }];
    case 'assistant':
      return renderAssistant(message.parts, context);
    case 'tool':
      return renderResults(message.results, context.losses);
  }
}

interface MessageContext extends HistoryContext {
  /** Behind the last user message: the tool loop that is still running. */
  isCurrentTurn: boolean;
}

/** An answer of which nothing can be said again is left out: an empty message is refused by many servers. */
function renderAssistant(parts: readonly AssistantPart[], context: MessageContext): JsonObject[] {
  noteCacheMarks(parts, context.losses);
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('');
  const toolCalls = parts.flatMap((part) => (part.type === 'tool-call' ? [renderCall(part, context)] : []));
  if (parts.some((part) => part.type === 'image')) context.losses.note('messages.images', "OpenAI chat cannot hold a model's own images");
  const reasoning = renderReasoning(parts, context);
  if (text === '' && refusal === '' && toolCalls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: text === '' && (toolCalls.length > 0 || refusal !== '') ? null : text,
      ...(refusal === '' ? {} : { refusal }),
      ...reasoning,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    },
  ];
}

function renderCall(part: ToolCallPart, { model, tools, losses }: MessageContext): JsonObject {
  const isSigned = part.signature !== undefined;
  if (isSigned && !isOwn(part.signatureOrigin, model)) losses.note('messages.reasoning', foreignReasoning);
  const isWrapped = part.custom === true && tools.wrapsCustom;
  const head = {
    id: shortenId(part.id, callIdLength),
    name: tools.sent(part.name),
    custom: part.custom === true && !isWrapped,
    signature: isOwn(part.signatureOrigin, model) ? part.signature : undefined,
  };
  return renderToolCall(head, isWrapped ? JSON.stringify({ input: part.argumentsText }) : part.argumentsText || emptyInput(part));
}

/**
 * Reasoning goes back only to the model that wrote it. Visible text alone is wanted within the running tool loop and
 * refused or ignored from earlier turns (api-docs.deepseek.com, "Thinking mode").
 */
function renderReasoning(parts: readonly AssistantPart[], { model, isCurrentTurn, losses }: MessageContext): JsonObject {
  const reasoning = parts.filter((part) => part.type === 'reasoning');
  const own = reasoning.filter((part) => isOwn(part.origin, model));
  if (own.length < reasoning.length) losses.note('messages.reasoning', foreignReasoning);
  const details = own.filter(hasOpaqueState).flatMap((part) => readReasoningBlob(part.signature ?? part.redactedData ?? ''));
  if (details.length > 0) return { reasoning_details: details };
  const text = own.map((part: ReasoningPart) => part.text).join('');
  return isCurrentTurn && text !== '' ? { reasoning_content: text } : {};
}

function isOwn(origin: ReasoningOrigin | undefined, model: string): boolean {
  return origin?.dialect === 'openai-chat' && origin.model === model;
}

/** Tool messages hold text only: attachments follow in a user message, behind all results. */
function renderResults(results: readonly ToolResult[], losses: LossNotes): JsonObject[] {
  noteCacheMarks(results, losses);
  const attached: UserPart[] = [];
  const messages = results.map((result): JsonObject => {
    const lines = result.parts.map((part) => {
      if (part.type === 'text') return part.text;
      attached.push({ type: 'text', text: `[${part.type} of tool result ${shortenId(result.callId, callIdLength)}]` }, part);
      return `[${part.type}]`;
    });
    const text = lines.join('\n');
    const content = result.isError && !/^error/i.test(text) ? `Error: ${text}` : text;
    return { role: 'tool', tool_call_id: shortenId(result.callId, callIdLength), content };
  });
  return attached.length === 0 ? messages : [...messages, { role: 'user', content: renderUserContent(attached, losses) }];
}

/** An id that fits a limit: itself, or a hash of it, so that equal ids stay equal and different ones different. */
export function shortenId(id: string, maxLength: number): string {
  return id.length <= maxLength ? id : createHash('sha256').update(id).digest('hex').slice(0, 40);
}
