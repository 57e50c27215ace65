import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ReasoningOrigin } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import { createTextHold, type TextHold } from '../text-hold.ts';
import { renderFinishReason, type WireFinishReason } from './finish-reason.ts';
import { canReturn, renderReasoningDetail } from './reasoning-details.ts';
import { emptyInput, renderImage, renderThoughtSignature, renderToolCall } from './render-parts.ts';

export type ChoiceEvent = Extract<ChatEvent, { choice: number }>;

/** What one chunk says about one choice; the delta as JSON, since most hold a few letters of text. */
export interface ChoiceStep {
  delta: string;
  finishReason: WireFinishReason | null;
}

interface OpenCall {
  text: TextHold;
  custom: boolean;
  hasArguments: boolean;
}

interface ChoiceState {
  content: TextHold;
  reasoning: TextHold;
  refusal: TextHold;
  /** Visible text of the reasoning part that is open; its signature belongs to all of it. */
  reasoningText: string;
  detailCount: number;
  openCalls: Map<number, OpenCall>;
  hasToolCalls: boolean;
  hasRefusal: boolean;
  isFinished: boolean;
  origin: ReasoningOrigin | undefined;
}

export interface ChoiceRenderer {
  /** The first step carries the role, as SDKs expect. */
  render(event: ChoiceEvent | null): ChoiceStep[];
  /** Finishes a choice whose upstream ended without saying so. */
  end(): ChoiceStep[];
}

/** Events of one choice in, deltas out. `origin` names who signs its reasoning, where known. */
export function createChoiceRenderer(index: number, origin: ReasoningOrigin | undefined): ChoiceRenderer {
  const state: ChoiceState = {
    content: createTextHold(),
    reasoning: createTextHold(),
    refusal: createTextHold(),
    reasoningText: '',
    detailCount: 0,
    openCalls: new Map(),
    hasToolCalls: false,
    hasRefusal: false,
    isFinished: false,
    origin,
  };
  let isOpen = false;
  const render = (event: ChoiceEvent | null): ChoiceStep[] => {
    const steps = event === null ? [] : renderEvent(state, event);
    if (isOpen) return steps;
    isOpen = true;
    return [step({ role: 'assistant', content: '', refusal: null }), ...steps];
  };
  return {
    render,
    end: () => (state.isFinished ? [] : render({ type: 'finish', choice: index, reason: 'stop', stopSequence: null })),
  };
}

function renderEvent(state: ChoiceState, event: ChoiceEvent): ChoiceStep[] {
  switch (event.type) {
    case 'text-delta':
      state.reasoningText = '';
      return textSteps('content', state.content.push(event.text));
    case 'text-signature':
      return [step(renderThoughtSignature(event.signature))];
    case 'reasoning-delta':
      state.reasoningText += event.text;
      return textSteps('reasoning_content', state.reasoning.push(event.text));
    case 'reasoning-signature':
      return detailSteps(state, { text: state.reasoningText, signature: event.signature });
    case 'reasoning-redacted':
      return detailSteps(state, { text: '', redactedData: event.data });
    case 'refusal-delta':
      state.hasRefusal = true;
      return textSteps('refusal', state.refusal.push(event.text));
    case 'tool-call-start':
      return startCall(state, event);
    case 'tool-call-delta':
      return argumentSteps(state, event.call, state.openCalls.get(event.call)?.text.push(event.argumentsText) ?? '');
    case 'tool-call-end':
      return endCall(state, event.call);
    case 'image':
      return [step({ images: [renderImage({ kind: 'base64', mediaType: event.mediaType, data: event.data })] })];
    case 'finish':
      return finish(state, event);
  }
}

function step(delta: JsonObject): ChoiceStep {
  return { delta: JSON.stringify(delta), finishReason: null };
}

function textSteps(field: string, text: string): ChoiceStep[] {
  return text === '' ? [] : [{ delta: `{"${field}":${JSON.stringify(text)}}`, finishReason: null }];
}

function detailSteps(state: ChoiceState, opaque: { text: string; signature?: string; redactedData?: string }): ChoiceStep[] {
  const part = { type: 'reasoning' as const, ...opaque, ...(state.origin && { origin: state.origin }) };
  state.reasoningText = '';
  return canReturn(part) ? [step({ reasoning_details: [renderReasoningDetail(part, state.detailCount++)] })] : [];
}

function startCall(state: ChoiceState, event: Extract<ChoiceEvent, { type: 'tool-call-start' }>): ChoiceStep[] {
  state.reasoningText = '';
  state.hasToolCalls = true;
  state.openCalls.set(event.call, { text: createTextHold(), custom: event.custom ?? false, hasArguments: false });
  return [step({ tool_calls: [{ index: event.call, ...renderToolCall(event, '') }] })];
}

function argumentSteps(state: ChoiceState, call: number, text: string): ChoiceStep[] {
  const open = state.openCalls.get(call);
  if (open === undefined || text === '') return [];
  open.hasArguments = true;
  const [kind, field] = open.custom ? ['custom', 'input'] : ['function', 'arguments'];
  return [{ delta: `{"tool_calls":[{"index":${call},"${kind}":{"${field}":${JSON.stringify(text)}}}]}`, finishReason: null }];
}

function endCall(state: ChoiceState, call: number): ChoiceStep[] {
  const open = state.openCalls.get(call);
  if (open === undefined) return [];
  const steps = argumentSteps(state, call, open.text.flush() || (open.hasArguments ? '' : emptyInput(open)));
  state.openCalls.delete(call);
  return steps;
}

function finish(state: ChoiceState, event: Extract<ChoiceEvent, { type: 'finish' }>): ChoiceStep[] {
  if (state.isFinished) return [];
  state.isFinished = true;
  const untoldRefusal = event.reason === 'refusal' && !state.hasRefusal ? (event.refusalText ?? '') : '';
  if (untoldRefusal !== '') state.hasRefusal = true;
  return [
    ...textSteps('reasoning_content', state.reasoning.flush()),
    ...textSteps('content', state.content.flush()),
    ...textSteps('refusal', state.refusal.flush() + untoldRefusal),
    ...[...state.openCalls.keys()].flatMap((call) => endCall(state, call)),
    { delta: '{}', finishReason: renderFinishReason(event.reason, state) },
  ];
}
