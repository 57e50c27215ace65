import type { ImagePart } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';

export interface ToolCallHead {
  id: string;
  name: string;
  signature?: string | undefined;
  custom?: boolean | undefined;
}

/** A tool call with the arguments known so far; "" at the start of a stream. */
export function renderToolCall(head: ToolCallHead, argumentsText: string): JsonObject {
  const { id, name } = head;
  if (head.custom) return { id, type: 'custom', custom: { name, input: argumentsText } };
  return { id, type: 'function', function: { name, arguments: argumentsText }, ...renderThoughtSignature(head.signature) };
}

/** Arguments must be JSON for clients that parse them unasked; free text may be empty. */
export function emptyInput(call: { custom?: boolean | undefined }): string {
  return call.custom ? '' : '{}';
}

/** The place Gemini's own OpenAI-compatible endpoint uses, so its clients bring the signature back. */
export function renderThoughtSignature(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

/** An image of the model, in the form OpenRouter made common. */
export function renderImage(source: ImagePart['source']): JsonObject {
  const url =
    source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : source.kind === 'url' ? source.url : source.fileId;
  return { type: 'image_url', image_url: { url } };
}

/** OpenAI's ids carry this prefix; the provider's own id stays readable behind it. */
export function renderCompletionId(id: string, createdAt: number): string {
  if (id.startsWith('chatcmpl-')) return id;
  return `chatcmpl-${id === '' ? createdAt : id}`;
}
