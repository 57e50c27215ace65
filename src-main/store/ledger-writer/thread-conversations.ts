import { renderCallId } from '../../domain/call-id.ts';
import { endpointCodes, STATUS_STARTED, USAGE_REPORTED } from '../codes.ts';
import { type CallRows, isUnpriced } from './call-rows.ts';
import type { ConversationPrefixes } from './conversation-prefixes.ts';
import type { Conversations } from './conversations.ts';
import type { OpenCalls } from './open-calls.ts';

/** Finds the conversation of calls whose caller named none, by their messages. Works inside the caller's transaction. */
interface ConversationThreading {
  /** Whether the call is part of a conversation that is not known yet. */
  wantsMessages(callId: number): boolean;
  /**
   * Joins the call to the one before it whose messages are the longest beginning of these. A conversation comes into
   * being with its second call: a script's thousand single questions are no conversations.
   * @param chain of its messages, see bodies/message-identity.ts
   */
  assign(callId: number, chain: readonly number[]): void;
}

/** Beginnings tried before a long unknown history is taken for a new conversation. */
const MAX_LOOKUPS = 200;

/** An embedding's list of inputs or a token count is no turn of a conversation. */
const conversational = new Set(['chat', 'messages', 'responses', 'gemini-generate'].map((endpoint) => endpointCodes.codeOf(endpoint)));

export function createConversationThreading(
  calls: OpenCalls,
  conversations: Conversations,
  prefixes: ConversationPrefixes,
  rows: CallRows,
): ConversationThreading {
  /** The last call whose messages are a beginning of these, the longest there is; null when none is known. */
  function findPredecessor(chain: readonly number[]): number | null {
    const shortest = Math.max(0, chain.length - 1 - MAX_LOOKUPS);
    for (let index = chain.length - 2; index >= shortest; index--) {
      const found = prefixes.find(chain[index] ?? 0);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** undefined when there is no such call any more. */
  function readConversation(callId: number): number | null | undefined {
    const call = calls.find(callId);
    return call === undefined ? rows.read(callId)?.conversation_id : call.conversationId;
  }

  function join(callId: number, conversationId: number): void {
    conversations.addCall(conversationId, callId);
    const open = calls.find(callId);
    for (const call of [open, calls.recall(callId)]) if (call !== undefined) call.conversationId = conversationId;
    if (open !== undefined && open.newRow !== null) return;
    rows.setConversation(callId, conversationId);
    const row = rows.read(callId);
    if (row === undefined || row.status === STATUS_STARTED) return;
    conversations.addCost(conversationId, row.cost_nano, isUnpriced(row.status, row.cost_nano, (row.usage_flags & USAGE_REPORTED) !== 0));
  }

  return {
    wantsMessages: (callId) => {
      const call = calls.recall(callId);
      if (call !== undefined) return call.conversationId === null && conversational.has(call.endpoint);
      const row = rows.read(callId);
      return row !== undefined && row.conversation_id === null && conversational.has(row.endpoint);
    },
    assign: (callId, chain) => {
      const predecessor = findPredecessor(chain);
      const whole = chain.at(-1);
      if (whole !== undefined) prefixes.remember(whole, callId);
      const known = predecessor === null ? undefined : readConversation(predecessor);
      if (predecessor === null || known === undefined) return;
      const conversationId = known ?? conversations.idOfKey(`conv_${renderCallId(predecessor).slice('call_'.length)}`, predecessor);
      if (known === null) join(predecessor, conversationId);
      join(callId, conversationId);
    },
  };
}
