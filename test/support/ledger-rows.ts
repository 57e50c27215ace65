import type { Sqlite } from '../../src-main/store/database.ts';
import { callSums, endedCalls, rollupSums } from '../../src-main/store/reader/spend-sums.ts';

/** Fills roll-ups and conversations of a ledger from its calls. */
export function rebuildRollups(db: Sqlite): void {
  const epochMs = Date.UTC(2025, 0, 1);
  db.exec(`
    DELETE FROM spend_hourly;
    DELETE FROM spend_daily;
    DELETE FROM spend_target_hourly;
    DELETE FROM conversations;
    INSERT INTO spend_hourly SELECT (c.id / 4096 + ${epochMs}) / 3600000 AS hour, c.scope_id, ${callSums} FROM calls c WHERE ${endedCalls} GROUP BY 1, 2;
    INSERT INTO spend_daily SELECT hour / 24, scope_id, ${rollupSums} FROM spend_hourly GROUP BY 1, 2;
    INSERT INTO spend_target_hourly SELECT r.hour, s.target_id, ${rollupSums} FROM spend_hourly r JOIN scopes s ON s.id = r.scope_id GROUP BY 1, 2;
    INSERT INTO conversations (id, key, first_call_id, last_call_id, calls, cost_nano, unpriced)
      SELECT conversation_id, 'conv_' || conversation_id, min(id), max(id), count(*), sum(coalesce(cost_nano, 0)), sum(cost_nano IS NULL)
      FROM calls WHERE conversation_id IS NOT NULL GROUP BY conversation_id;
  `);
}
