import type { ReasoningPart } from '../../domain/conversation.ts';
import { asObjects, asText, type JsonObject } from '../json-value.ts';

/**
 * One entry of `reasoning_details`, the field (OpenRouter's, from its docs) in which this dialect carries the opaque
 * state of reasoning. Clients that echo unknown fields bring it back; `format` and `model` say who signed it.
 */
export function renderReasoningDetail(part: ReasoningPart, index: number): JsonObject {
  const signer = { format: part.origin?.dialect, model: part.origin?.model, index };
  if (part.redactedData !== undefined) return { type: 'reasoning.encrypted', data: part.redactedData, ...signer };
  return { type: 'reasoning.text', text: part.text, signature: part.signature ?? null, ...signer };
}

/** State whose signer nobody knows is of no use to anyone, and would hide what the proxy itself remembers of the turn. */
export function canReturn(part: ReasoningPart): boolean {
  return part.origin !== undefined && hasOpaqueState(part);
}

export function hasOpaqueState(part: ReasoningPart): boolean {
  return part.signature !== undefined || part.redactedData !== undefined;
}

/** Reasoning of an assistant message in a caller's history: details when there are any, else the visible text. */
export function parseReasoning(message: JsonObject): ReasoningPart[] {
  const parts = asObjects(message.reasoning_details).flatMap(parseReasoningDetail);
  if (parts.length > 0) return parts;
  const text = asText(message.reasoning_content) ?? asText(message.reasoning);
  return text === null ? [] : [{ type: 'reasoning', text }];
}

function parseReasoningDetail(detail: JsonObject): ReasoningPart[] {
  const format = asText(detail.format);
  const origin = format === null ? {} : { origin: { dialect: format, model: asText(detail.model) ?? '' } };
  const data = asText(detail.data);
  if (data !== null && format !== null) return [{ type: 'reasoning', text: '', redactedData: data, ...origin }];
  const signature = format === null ? null : asText(detail.signature);
  const text = asText(detail.text) ?? asText(detail.summary);
  if (text === null && signature === null) return [];
  return [{ type: 'reasoning', text: text ?? '', ...(signature === null ? {} : { signature }), ...origin }];
}
