import type { ChatEvent } from '../../domain/chat-event.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';
import { createCallTracker } from './call-tracker.ts';
import { parseFinishReason } from './finish-reason.ts';
import { type AnswerPiece, readAnswerPieces, readCallFragments, readThoughtSignature } from './read-answer.ts';
import { createReasoningBlob } from './reasoning-blob.ts';

export interface ChoiceParser {
  push(choice: JsonObject): ChatEvent[];
  end(): ChatEvent[];
  /** The provider gave a finish reason. */
  readonly isFinished: boolean;
}

/** Deltas of one choice in, events out. */
export function createChoiceParser(choice: number, answerId: () => string): ChoiceParser {
  const calls = createCallTracker(choice, answerId);
  const blob = createReasoningBlob();
  let isReasoning = false;
  let refusal = '';
  let finishReason: string | null = null;

  /** Opaque state ends the reasoning it belongs to, or stands for reasoning that stayed hidden. */
  function endReasoning(): ChatEvent[] {
    const state = blob.take();
    const wasReasoning = isReasoning;
    isReasoning = false;
    if (state === null) return [];
    return [wasReasoning ? { type: 'reasoning-signature', choice, signature: state } : { type: 'reasoning-redacted', choice, data: state }];
  }

  function renderPiece(piece: AnswerPiece): ChatEvent[] {
    switch (piece.type) {
      case 'reasoning':
        isReasoning = true;
        return [{ type: 'reasoning-delta', choice, text: piece.text }];
      case 'text':
        return [...endReasoning(), { type: 'text-delta', choice, text: piece.text }];
      case 'refusal':
        refusal += piece.text;
        return [...endReasoning(), { type: 'refusal-delta', choice, text: piece.text }];
      case 'image':
        if (piece.source.kind !== 'base64') return [];
        return [...endReasoning(), { type: 'image', choice, mediaType: piece.source.mediaType, data: piece.source.data }];
    }
  }

  return {
    push(wire) {
      const delta = asObject(wire.delta) ?? asObject(wire.message) ?? { content: wire.text };
      blob.push(delta.reasoning_details);
      const events = readAnswerPieces(delta).flatMap(renderPiece);
      const fragments = readCallFragments(delta);
      if (fragments.length > 0) events.push(...endReasoning());
      for (const [position, fragment] of fragments.entries()) events.push(...calls.push(fragment, position));
      const signature = readThoughtSignature(delta);
      if (signature !== null) events.push({ type: 'text-signature', choice, signature });
      finishReason ??= asText(wire.finish_reason);
      return events;
    },
    end() {
      const reason = parseFinishReason(finishReason, { hasToolCalls: calls.count > 0, hasRefusal: refusal !== '' });
      const told = refusal === '' ? {} : { refusalText: refusal };
      return [...endReasoning(), ...calls.end(), { type: 'finish', choice, reason, stopSequence: null, ...told }];
    },
    get isFinished() {
      return finishReason !== null;
    },
  };
}
