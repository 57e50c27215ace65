import type { ConversationSummary } from '../../contract/entities.ts';
import { readCallTime, renderCallId } from '../../domain/call-id.ts';
import type { Sqlite } from '../database.ts';
import type { Page } from '../ledger-reader.ts';

export interface ConversationsRequest {
  limit: number;
  /** Conversations whose last call is older than this. */
  endId: number;
}

interface ConversationRow {
  key: string;
  first_call_id: number;
  last_call_id: number;
  calls: number;
  cost_nano: number;
  unpriced: number;
}

/** Last used first. One that is used again while a reader pages moves to the front: it is never given twice. */
export function listConversations(db: Sqlite, { limit, endId }: ConversationsRequest): Page<ConversationSummary> {
  const rows = db
    .prepare<[number, number], ConversationRow>(
      `SELECT key, first_call_id, last_call_id, calls, cost_nano, unpriced FROM conversations
       WHERE last_call_id < ? ORDER BY last_call_id DESC LIMIT ?`,
    )
    .all(endId, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      id: row.key,
      firstCallId: renderCallId(row.first_call_id),
      lastCallId: renderCallId(row.last_call_id),
      firstAt: readCallTime(row.first_call_id),
      lastAt: readCallTime(row.last_call_id),
      calls: row.calls,
      costNanoUsd: row.cost_nano,
      unpriced: row.unpriced,
    })),
    nextCursor: last !== undefined && rows.length > limit ? renderCallId(last.last_call_id) : null,
  };
}
