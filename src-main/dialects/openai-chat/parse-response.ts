import type { AssistantPart, ChatChoice, ChatResponse, ReasoningOrigin, ToolCallPart } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-value.ts';
import { restoreToolCall } from '../tool-names.ts';
import { parseFinishReason } from './finish-reason.ts';
import { readStreamFault } from './parse-error.ts';
import { readAnswerPieces, readCallFragments, readThoughtSignature, resolveCallId } from './read-answer.ts';
import { createReasoningBlob } from './reasoning-blob.ts';
import { readOpenaiUsage, readWireUsage } from './usage.ts';

/** @throws GatewayError upstream_error for an error sent as a success, upstream_bad_reply when there is no answer in it */
export function parseResponse(body: unknown, target: UpstreamModel, toolNames?: ToolNameMap): ChatResponse {
  const fault = readStreamFault(body, null);
  if (fault !== null) throw new GatewayError('upstream_error', fault.message, { fault });
  const wire = asObject(body) ?? {};
  const id = asText(wire.id) ?? '';
  const choices = asObjects(wire.choices);
  if (choices.length === 0) throw new GatewayError('upstream_bad_reply', 'The provider answered without any choice in its reply.');
  return {
    id,
    model: asText(wire.model) ?? target.model,
    createdAt: typeof wire.created === 'number' ? wire.created * 1000 : 0,
    choices: choices.map((choice, at) => parseChoice(choice, { answerId: id, index: at, model: target.model, toolNames })),
    usage: readOpenaiUsage(readWireUsage(wire.usage, wire.x_groq), asText(wire.service_tier)),
  };
}

interface ChoiceContext {
  answerId: string;
  index: number;
  model: string;
  toolNames: ToolNameMap | undefined;
}

function parseChoice(choice: JsonObject, context: ChoiceContext): ChatChoice {
  const message = asObject(choice.message) ?? { content: choice.text };
  const parts = [...parseSaid(message, context.model), ...parseCalls(message, context)];
  const refusal = parts.find((part) => part.type === 'refusal');
  const shape = { hasToolCalls: parts.some((part) => part.type === 'tool-call'), hasRefusal: refusal !== undefined };
  return {
    parts,
    finishReason: parseFinishReason(asText(choice.finish_reason), shape),
    stopSequence: null,
    ...(refusal === undefined ? {} : { refusalText: refusal.text }),
    ...(asObject(choice.logprobs) === null ? {} : { logprobs: choice.logprobs }),
  };
}

/** Pieces become parts; the opaque state of the reasoning belongs to its last part. */
function parseSaid(message: JsonObject, model: string): AssistantPart[] {
  const origin: ReasoningOrigin = { dialect: 'openai-chat', model };
  const parts = readAnswerPieces(message).map((piece): AssistantPart => (piece.type === 'reasoning' ? { ...piece, origin } : piece));
  const blob = createReasoningBlob();
  blob.push(message.reasoning_details);
  const signature = blob.take();
  if (signature === null) return parts;
  const reasoning = parts.findLast((part) => part.type === 'reasoning');
  if (reasoning === undefined) return [{ type: 'reasoning', text: '', redactedData: signature, origin }, ...parts];
  reasoning.signature = signature;
  return parts;
}

function parseCalls(message: JsonObject, { answerId, index, model, toolNames }: ChoiceContext): ToolCallPart[] {
  return readCallFragments(message).map((fragment, at) => {
    const signature = readThoughtSignature(fragment.wire);
    const part: ToolCallPart = {
      type: 'tool-call',
      id: resolveCallId(fragment.id, answerId, `${index}.${at}`),
      name: fragment.name ?? '',
      argumentsText: fragment.argumentsText,
      ...(fragment.custom ? { custom: true } : {}),
      ...(signature === null ? {} : { signature, signatureOrigin: { dialect: 'openai-chat', model } }),
    };
    return restoreToolCall(part, toolNames);
  });
}
