import type { ChatEvent } from '../../domain/chat-event.ts';
import { parseJson } from '../json-value.ts';
import { type CallFragment, readThoughtSignature, resolveCallId } from './read-answer.ts';

/** Joins the fragments of a choice's tool calls. */
export interface CallTracker {
  /** `position` = the fragment's place in its list, the last thing to go by. */
  push(fragment: CallFragment, position: number): ChatEvent[];
  /** Ends all calls; none can be ended before, since fragments of parallel calls may interleave. */
  end(): ChatEvent[];
  readonly count: number;
}

interface TrackedCall {
  call: number;
  index: number | null;
  position: number;
  id: string | null;
  name: string | null;
  argumentsText: string;
  isStarted: boolean;
}

export function createCallTracker(choice: number, answerId: () => string): CallTracker {
  const calls: TrackedCall[] = [];

  function start(tracked: TrackedCall, fragment: CallFragment | null): ChatEvent[] {
    const { call, argumentsText } = tracked;
    tracked.isStarted = true;
    const signature = fragment === null ? null : readThoughtSignature(fragment.wire);
    const id = resolveCallId(tracked.id, answerId(), `${choice}.${call}`);
    const started: ChatEvent = {
      type: 'tool-call-start',
      choice,
      call,
      id,
      name: tracked.name ?? '',
      ...(signature === null ? {} : { signature }),
      ...(fragment?.custom ? { custom: true } : {}),
    };
    return argumentsText === '' ? [started] : [started, { type: 'tool-call-delta', choice, call, argumentsText }];
  }

  return {
    push(fragment, position) {
      let tracked = findCall(calls, fragment, position);
      if (tracked === null) {
        const { index } = fragment;
        tracked = { call: calls.length, index, position, id: null, name: null, argumentsText: '', isStarted: false };
        calls.push(tracked);
      }
      tracked.id ??= fragment.id;
      tracked.name ??= fragment.name;
      tracked.argumentsText += fragment.argumentsText;
      if (!tracked.isStarted) return tracked.name === null ? [] : start(tracked, fragment);
      if (fragment.argumentsText === '') return [];
      return [{ type: 'tool-call-delta', choice, call: tracked.call, argumentsText: fragment.argumentsText }];
    },
    end() {
      return calls.flatMap((tracked) => [
        ...(tracked.isStarted ? [] : start(tracked, null)),
        { type: 'tool-call-end' as const, choice, call: tracked.call },
      ]);
    },
    get count() {
      return calls.length;
    },
  };
}

/**
 * The call a fragment continues, or null when it begins one. `index` decides, except where servers give all calls the
 * same one (Ollama, some vLLM builds): there a new id together with a name begins a new call. Without an index the id
 * decides; without either, the name begins a call unless the one at that place is still short of whole JSON.
 */
function findCall(calls: readonly TrackedCall[], fragment: CallFragment, position: number): TrackedCall | null {
  const { id, index, name } = fragment;
  if (index !== null) {
    const at = calls.findLast((tracked) => tracked.index === index) ?? null;
    const isOther = id !== null && name !== null && at !== null && at.id !== null && at.id !== id;
    return isOther ? null : at;
  }
  if (id !== null) return calls.findLast((tracked) => tracked.id === id) ?? null;
  const at = calls.findLast((tracked) => tracked.position === position) ?? calls.at(-1) ?? null;
  const beginsAnew = name !== null && (at === null || at.name !== name || isWholeJson(at.argumentsText));
  return beginsAnew ? null : at;
}

function isWholeJson(text: string): boolean {
  return text.endsWith('}') && parseJson(text) !== undefined;
}
