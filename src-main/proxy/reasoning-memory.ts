import type { AssistantPart, ChatRequest, ReasoningOrigin, ToolCallPart } from '../domain/conversation.ts';

/** How long a tool loop may pause (the user looks at a diff overnight). */
const keepMs = 12 * 60 * 60_000;
const maxTurns = 5_000;
const maxBytes = 64 * 1024 * 1024;

interface RememberedTurn {
  parts: AssistantPart[];
  bytes: number;
  at: number;
}

/**
 * Thinking and signatures that plain Chat Completions clients cannot carry (pitfalls X5, X6, X8): kept here by tool-call id,
 * which survives in every client, and put back, in order and byte for byte, when the call's result comes in.
 */
export interface ReasoningMemory {
  /** Puts remembered reasoning and signatures back into assistant turns that lost them. */
  restore(request: ChatRequest): ChatRequest;
  /** Remembers a finished turn of this model if it has both reasoning state and tool calls. */
  remember(parts: readonly AssistantPart[], origin: ReasoningOrigin): void;
}

export function createReasoningMemory(clock: () => number): ReasoningMemory {
  /** One turn under the id of each of its calls; insertion order = age. */
  const turns = new Map<string, RememberedTurn>();
  let bytes = 0;

  function forget(id: string): void {
    const turn = turns.get(id);
    if (turn === undefined) return;
    bytes -= turn.bytes;
    turns.delete(id);
  }

  return {
    restore(request) {
      if (turns.size === 0) return request;
      let changed = false;
      const messages = request.messages.map((message) => {
        if (message.role !== 'assistant') return message;
        const turn = findTurn(turns, message.parts, clock() - keepMs);
        if (turn === null) return message;
        changed = true;
        return { ...message, parts: mergeTurn(message.parts, turn.parts) };
      });
      return changed ? { ...request, messages } : request;
    },
    remember(sent, origin) {
      if (!sent.some(holdsState)) return;
      const parts = sent.map((part) => signPart(part, origin));
      const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
      if (calls.length === 0) return;
      const size = JSON.stringify(parts).length;
      for (const call of calls) {
        forget(call.id);
        turns.set(call.id, { parts, bytes: size / calls.length, at: clock() });
        bytes += size / calls.length;
      }
      for (const id of turns.keys()) {
        if (turns.size <= maxTurns && bytes <= maxBytes) break;
        forget(id);
      }
    },
  };
}

function holdsState(part: AssistantPart): boolean {
  return part.type === 'reasoning' || ((part.type === 'tool-call' || part.type === 'text') && part.signature !== undefined);
}

/** A signature is worth something only to the model that made it. */
function signPart(part: AssistantPart, origin: ReasoningOrigin): AssistantPart {
  if (part.type === 'reasoning') return { ...part, origin };
  return part.type === 'tool-call' && part.signature !== undefined ? { ...part, signatureOrigin: origin } : part;
}

/** Only a turn with the very same calls: a client that dropped or added one has another turn. */
function findTurn(turns: ReadonlyMap<string, RememberedTurn>, parts: readonly AssistantPart[], oldest: number): RememberedTurn | null {
  const ids = parts.filter((part) => part.type === 'tool-call').map((part) => part.id);
  const turn = ids[0] === undefined ? undefined : turns.get(ids[0]);
  if (turn === undefined || turn.at < oldest) return null;
  if (parts.some((part) => part.type === 'reasoning' && (part.signature !== undefined || part.redactedData !== undefined))) return null;
  const known = turn.parts.filter((part) => part.type === 'tool-call').map((part) => part.id);
  return known.length === ids.length && known.every((id) => ids.includes(id)) ? turn : null;
}

/** Our order and reasoning, the caller's text and arguments (it may have edited them). */
function mergeTurn(sent: readonly AssistantPart[], remembered: readonly AssistantPart[]): AssistantPart[] {
  const calls = new Map(sent.filter((part) => part.type === 'tool-call').map((part) => [part.id, part]));
  const texts = sent.filter((part) => part.type !== 'tool-call' && part.type !== 'reasoning');
  const sameText = joinText(sent) === joinText(remembered);
  const merged: AssistantPart[] = [];
  for (const part of remembered) {
    if (part.type === 'reasoning') merged.push(part);
    else if (part.type === 'tool-call') {
      const own = calls.get(part.id);
      if (own === undefined) continue;
      merged.push(part.signature === undefined ? own : withSignature(own, part));
    } else if (sameText) merged.push(part);
  }
  if (sameText) return merged;
  const lastReasoning = merged.findLastIndex(
    (part, index) => part.type === 'reasoning' && merged.slice(0, index).every((before) => before.type === 'reasoning'),
  );
  merged.splice(lastReasoning + 1, 0, ...texts);
  return merged;
}

function withSignature(own: ToolCallPart, remembered: ToolCallPart): ToolCallPart {
  const { signature, signatureOrigin } = remembered;
  return { ...own, ...(signature === undefined ? {} : { signature }), ...(signatureOrigin === undefined ? {} : { signatureOrigin }) };
}

function joinText(parts: readonly AssistantPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
