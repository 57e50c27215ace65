import type { ChatEvent } from '../../domain/chat-event.ts';
import { asObject, asText } from '../json-value.ts';
import { createTextHold } from '../text-hold.ts';
import type { AnswerBlock } from './blocks.ts';
import { noArguments } from './blocks.ts';

/** A content block between its start and its stop. */
export interface OpenBlock {
  delta(value: unknown): ChatEvent[];
  stop(): ChatEvent[];
}

/** Announces a block and gives the reducer for the rest of it. `call` is the index of the next tool call. */
export function openBlock(block: AnswerBlock, call: number): { open: OpenBlock; events: ChatEvent[] } {
  switch (block.kind) {
    case 'text':
      return openText(block.text);
    case 'thinking':
      return openThinking(block.text, block.signature);
    case 'redacted':
      return { open: silent, events: [{ type: 'reasoning-redacted', choice: 0, data: block.data }] };
    case 'tool-call':
      return openToolCall(block, call);
  }
}

const silent: OpenBlock = { delta: () => [], stop: () => [] };

function openText(initial: string): { open: OpenBlock; events: ChatEvent[] } {
  const flow = createTextFlow((text) => ({ type: 'text-delta', choice: 0, text }));
  const open: OpenBlock = { delta: (value) => flow.push(deltaText(value, 'text_delta', 'text')), stop: () => flow.flush() };
  return { open, events: flow.push(initial) };
}

/** The signature comes whole just before the stop, and alone where the vendor omits the text; a later one replaces it. */
function openThinking(initial: string, initialSignature: string): { open: OpenBlock; events: ChatEvent[] } {
  const flow = createTextFlow((text) => ({ type: 'reasoning-delta', choice: 0, text }));
  let signature = initialSignature;
  const open: OpenBlock = {
    delta(value) {
      signature = deltaText(value, 'signature_delta', 'signature') || signature;
      return flow.push(deltaText(value, 'thinking_delta', 'thinking'));
    },
    stop() {
      const events = flow.flush();
      if (signature !== '') events.push({ type: 'reasoning-signature', choice: 0, signature });
      return events;
    },
  };
  return { open, events: flow.push(initial) };
}

/** Arguments given with the start count only when no fragment follows: most streams start with an empty object. */
function openToolCall(block: AnswerBlock & { kind: 'tool-call' }, call: number): { open: OpenBlock; events: ChatEvent[] } {
  const flow = createTextFlow((argumentsText) => ({ type: 'tool-call-delta', choice: 0, call, argumentsText }));
  let fragments = false;
  const open: OpenBlock = {
    delta(value) {
      const text = deltaText(value, 'input_json_delta', 'partial_json');
      if (text !== '') fragments = true;
      return flow.push(text);
    },
    stop() {
      const events = fragments ? flow.flush() : flow.push(block.argumentsText || noArguments);
      return [...events, { type: 'tool-call-end', choice: 0, call }];
    },
  };
  return { open, events: [{ type: 'tool-call-start', choice: 0, call, id: block.id, name: block.name }] };
}

/** The text of a delta of one type; "" of any other, so that citations and unknown deltas pass by. */
function deltaText(value: unknown, type: string, field: string): string {
  const delta = asObject(value);
  return delta?.['type'] === type ? (asText(delta[field]) ?? '') : '';
}

/** Text in order, in whole characters and without empty pieces. */
function createTextFlow(event: (text: string) => ChatEvent) {
  const hold = createTextHold();
  const tell = (text: string): ChatEvent[] => (text === '' ? [] : [event(text)]);
  return { push: (text: string) => tell(hold.push(text)), flush: () => tell(hold.flush()) };
}
