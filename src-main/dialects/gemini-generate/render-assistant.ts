import type { AssistantPart, ReasoningOrigin, ReasoningPart, ToolCallPart } from '../../domain/conversation.ts';
import { asObject, parseJson } from '../json-value.ts';
import { bareModelName } from './capabilities.ts';
import type { RenderContext } from './render-context.ts';
import { renderMedia } from './render-media.ts';
import type { WirePart } from './wire.ts';

/** Stands for the signature of a call that Gemini 3 did not make itself (ai.google.dev/gemini-api/docs/thought-signatures). */
const skipValidation = 'skip_thought_signature_validator';

export interface AssistantPlace {
  path: string;
  /** The id under which a call is sent, unique in the conversation. */
  callId: string;
  /** Another model wrote the message. */
  isForeign: boolean;
}

/**
 * One part of an assistant message; null when it cannot be sent. A part that carries a signature is sent alone and
 * byte for byte: merging it with a neighbour would invalidate it.
 */
export function renderAssistantPart(part: AssistantPart, place: AssistantPlace, context: RenderContext): WirePart | null {
  const { path } = place;
  switch (part.type) {
    case 'text':
      if (part.signature !== undefined && !place.isForeign) return { text: part.text, thoughtSignature: part.signature };
      if (part.signature !== undefined) context.lose(`${path}.signature`, foreignSignature(context));
      return part.text === '' ? null : { text: part.text };
    case 'refusal':
      return part.text === '' ? null : { text: part.text };
    case 'reasoning':
      return renderReasoning(part, path, context);
    case 'image':
      return renderMedia(part, path, context);
    case 'tool-call':
      return renderCall(part, place, context);
  }
}

/** Since Gemini 3 the first call of each step must be signed, else 400; parallel calls after it carry none. */
export function signFirstCall(parts: readonly WirePart[], context: RenderContext): void {
  if (!context.capabilities.sinceGemini3) return;
  const first = parts.find((part) => part.functionCall !== undefined);
  if (first !== undefined) first.thoughtSignature ??= skipValidation;
}

function renderReasoning(part: ReasoningPart, path: string, context: RenderContext): WirePart | null {
  if (part.signature !== undefined && isOurs(part.origin, context)) {
    return { text: part.text, thought: true, thoughtSignature: part.signature };
  }
  // Gemini reads no unsigned thoughts of its own, so nothing is lost with those.
  const isUnsignedGemini = part.signature === undefined && part.redactedData === undefined && isOurs(part.origin, context);
  if (!isUnsignedGemini) context.lose(path, `Reasoning of another model is not sent to ${context.target.model}.`);
  return null;
}

function renderCall(part: ToolCallPart, { path, callId }: AssistantPlace, context: RenderContext): WirePart {
  const rendered: WirePart = {
    functionCall: { id: callId, name: context.names.sent(part.name), args: renderArguments(part, path, context) },
  };
  if (part.signature === undefined) return rendered;
  if (part.signatureOrigin === undefined || isOurs(part.signatureOrigin, context)) rendered.thoughtSignature = part.signature;
  else context.lose(`${path}.signature`, foreignSignature(context));
  return rendered;
}

/** Gemini takes arguments as an object only. */
function renderArguments(part: ToolCallPart, path: string, context: RenderContext): Record<string, unknown> {
  if (part.custom) return { input: part.argumentsText };
  if (part.argumentsText.trim() === '') return {};
  const parsed = asObject(parseJson(part.argumentsText));
  if (parsed !== null) return parsed;
  context.lose(`${path}.arguments`, 'The arguments are not a JSON object; they are sent as text under "_raw".');
  return { _raw: part.argumentsText };
}

function foreignSignature({ target }: RenderContext): string {
  return `A thought signature of another model is not sent to ${target.model}.`;
}

/** Text parts do not tell who signed them, but the calls and the reasoning beside them do. */
export function isForeignMessage(parts: readonly AssistantPart[], context: RenderContext): boolean {
  return parts.some((part) => {
    const origin = part.type === 'reasoning' ? part.origin : part.type === 'tool-call' ? part.signatureOrigin : undefined;
    return origin !== undefined && !isOurs(origin, context);
  });
}

/** A signature of another model, even of another Gemini, is a 400. */
function isOurs(origin: ReasoningOrigin | undefined, { target }: RenderContext): boolean {
  return origin?.dialect === 'gemini-generate' && bareModelName(origin.model) === bareModelName(target.model);
}
