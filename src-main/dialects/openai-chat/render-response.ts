import type { AssistantPart, ChatChoice, ChatResponse, ReasoningPart } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import { renderFinishReason } from './finish-reason.ts';
import { canReturn, renderReasoningDetail } from './reasoning-details.ts';
import { emptyInput, renderCompletionId, renderImage, renderThoughtSignature, renderToolCall } from './render-parts.ts';
import { renderUsage } from './render-usage.ts';

export function renderResponse(response: ChatResponse): JsonObject {
  const usage = renderUsage(response.usage);
  return {
    id: renderCompletionId(response.id, response.createdAt),
    object: 'chat.completion',
    created: Math.floor(response.createdAt / 1000),
    model: response.model,
    choices: response.choices.map(renderChoice),
    ...(usage === null ? {} : { usage }),
  };
}

function renderChoice(choice: ChatChoice, index: number): JsonObject {
  const message = renderMessage(choice);
  const shape = { hasToolCalls: message.tool_calls !== undefined, hasRefusal: message.refusal !== null };
  return { index, message, logprobs: choice.logprobs ?? null, finish_reason: renderFinishReason(choice.finishReason, shape) };
}

function renderMessage({ parts, finishReason, refusalText }: ChatChoice): JsonObject {
  const refusal = joinTexts(parts, 'refusal') ?? (finishReason === 'refusal' ? refusalText : null) ?? null;
  const signature = parts.findLast((part) => part.type === 'text' && part.signature !== undefined);
  const toolCalls = parts.flatMap((part) =>
    part.type === 'tool-call' ? [renderToolCall(part, part.argumentsText || emptyInput(part))] : [],
  );
  const images = parts.flatMap((part) => (part.type === 'image' ? [renderImage(part.source)] : []));
  return {
    role: 'assistant',
    content: joinTexts(parts, 'text'),
    refusal,
    ...renderReasoning(parts.filter((part) => part.type === 'reasoning')),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    ...(images.length > 0 ? { images } : {}),
    ...(signature?.type === 'text' ? renderThoughtSignature(signature.signature) : {}),
  };
}

function renderReasoning(parts: readonly ReasoningPart[]): JsonObject {
  const text = joinTexts(parts, 'reasoning');
  const details = parts.filter(canReturn).map(renderReasoningDetail);
  return {
    ...(text === null ? {} : { reasoning_content: text }),
    ...(details.length > 0 ? { reasoning_details: details } : {}),
  };
}

function joinTexts(parts: readonly AssistantPart[], type: 'text' | 'reasoning' | 'refusal'): string | null {
  const texts = parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('');
  return texts === '' ? null : texts;
}
