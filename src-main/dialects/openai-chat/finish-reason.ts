import type { FinishReason } from '../../domain/conversation.ts';

/** OpenAI's words, and those that compatible servers put in their place. */
const parsedReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  length: 'length',
  model_length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  refusal: 'refusal',
};

export interface AnswerShape {
  hasToolCalls: boolean;
  hasRefusal: boolean;
}

/** `wire` null = the provider ended the answer without a word on why. Tool calls decide before the provider's "stop". */
export function parseFinishReason(wire: string | null, answer: AnswerShape): FinishReason {
  const reason = wire === null ? 'stop' : Object.hasOwn(parsedReasons, wire) ? (parsedReasons[wire] ?? 'other') : 'other';
  if (reason === 'length' || reason === 'content-filter' || reason === 'refusal') return reason;
  if (answer.hasToolCalls) return 'tool-calls';
  if (answer.hasRefusal) return 'refusal';
  return reason === 'tool-calls' ? 'stop' : reason;
}

export type WireFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** Only words of OpenAI's own enumeration: strict clients fail on any other. */
export function renderFinishReason(reason: FinishReason, answer: AnswerShape): WireFinishReason {
  switch (reason) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      return answer.hasRefusal ? 'stop' : 'content_filter';
    default:
      return answer.hasToolCalls ? 'tool_calls' : 'stop';
  }
}
