import type { ChatRequest, Message, TextPart, ToolCallPart, UserPart } from '../../domain/conversation.ts';
import { isForeignMessage, renderAssistantPart, signFirstCall } from './render-assistant.ts';
import type { RenderContext } from './render-context.ts';
import { renderMedia } from './render-media.ts';
import { describeOrphan, renderToolResult } from './render-tool-result.ts';
import type { ToolPairing } from './tool-pairing.ts';
import { pairToolResults } from './tool-pairing.ts';
import type { WireContent, WirePart } from './wire.ts';

interface History {
  contents: WireContent[];
  pairing: ToolPairing;
  /** How often each call id was sent, so that a repeated one gets a new name. */
  sentIds: Map<string, number>;
  /** The model turn being gathered from consecutive assistant messages. */
  parts: WirePart[];
  calls: { part: ToolCallPart; sentId: string }[];
}

/**
 * The conversation as Gemini wants it: a model turn with N calls is followed at once by one user turn with N responses
 * and nothing else, the first turn is the user's, and turns of one side in a row are one.
 */
export function renderContents(request: ChatRequest, context: RenderContext): WireContent[] {
  const pairing = pairToolResults(request.messages);
  const history: History = { contents: [], pairing, sentIds: new Map(), parts: [], calls: [] };
  const first = countLeadingSystem(request.messages);
  for (const [offset, message] of request.messages.slice(first).entries()) {
    addMessage(history, message, `messages[${first + offset}]`, context);
  }
  closeModelTurn(history, context);
  if (history.contents[0]?.role === 'model') {
    history.contents.unshift({ role: 'user', parts: [{ text: '(The beginning of the conversation is missing.)' }] });
    context.lose(`messages[${first}]`, 'Gemini conversations begin with the user; a placeholder was put first.');
  }
  return history.contents;
}

/** The text of the system messages at the start, in order. */
export function renderSystemParts(request: ChatRequest): WirePart[] {
  const leading = request.messages.slice(0, countLeadingSystem(request.messages));
  return leading.flatMap((message) => (message.role === 'system' ? textParts(message.parts) : []));
}

function countLeadingSystem(messages: readonly Message[]): number {
  const first = messages.findIndex((message) => message.role !== 'system');
  return first < 0 ? messages.length : first;
}

function addMessage(history: History, message: Message, path: string, context: RenderContext): void {
  if (message.role === 'assistant') {
    const isForeign = isForeignMessage(message.parts, context);
    for (const [index, part] of message.parts.entries()) {
      const sentId = part.type === 'tool-call' ? uniqueId(history.sentIds, part.id) : '';
      const rendered = renderAssistantPart(part, { path: `${path}.parts[${index}]`, callId: sentId, isForeign }, context);
      if (rendered !== null) history.parts.push(rendered);
      if (part.type === 'tool-call') history.calls.push({ part, sentId });
    }
    return;
  }
  closeModelTurn(history, context);
  if (message.role === 'system') addUserParts(history.contents, textParts(message.parts).map(asReminder));
  else if (message.role === 'user') addUserParts(history.contents, renderUserParts(message.parts, path, context));
  else {
    const orphans = message.results.filter((result) => history.pairing.orphans.has(result));
    for (const result of orphans) context.lose(path, `The call ${result.callId} is not in the conversation; its result is sent as text.`);
    addUserParts(
      history.contents,
      orphans.map((result) => ({ text: describeOrphan(result) })),
    );
  }
}

function closeModelTurn(history: History, context: RenderContext): void {
  const { parts, calls } = history;
  history.parts = [];
  history.calls = [];
  if (parts.length === 0) return;
  signFirstCall(parts, context);
  history.contents.push({ role: 'model', parts });
  if (calls.length === 0) return;
  const results = calls.map(({ part, sentId }) => renderToolResult(part, history.pairing.resultOf.get(part) ?? null, sentId, context));
  history.contents.push({ role: 'user', parts: results.map(({ functionResponse }) => ({ functionResponse })) });
  addUserParts(
    history.contents,
    results.flatMap((result) => result.media),
  );
}

/** Joins the user's turn that is open, but never one that holds function responses. */
function addUserParts(contents: WireContent[], parts: WirePart[]): void {
  if (parts.length === 0) return;
  const last = contents.at(-1);
  const isOpen = last?.role === 'user' && last.parts.every((part) => part.functionResponse === undefined);
  if (last !== undefined && isOpen) last.parts.push(...parts);
  else contents.push({ role: 'user', parts });
}

function renderUserParts(parts: readonly UserPart[], path: string, context: RenderContext): WirePart[] {
  return parts.flatMap((part, index) => (part.type === 'text' ? textParts([part]) : renderMedia(part, `${path}.parts[${index}]`, context)));
}

/** Empty text is a 400. */
function textParts(parts: readonly TextPart[]): WirePart[] {
  return parts.flatMap(({ text }) => (text === '' ? [] : { text }));
}

/** Gemini has no system message inside a conversation; models know this wrapping. */
function asReminder(part: WirePart): WirePart {
  return { text: `<system-reminder>\n${part.text}\n</system-reminder>` };
}

function uniqueId(sent: Map<string, number>, id: string): string {
  const count = (sent.get(id) ?? 0) + 1;
  sent.set(id, count);
  return count === 1 ? id : `${id}_${count}`;
}
