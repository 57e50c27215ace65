import { join } from 'node:path';
import { parseCallId } from '../../../src-main/domain/call-id.ts';
import { statusCodes } from '../../../src-main/store/codes.ts';
import { openDatabase } from '../../../src-main/store/database.ts';

/** What the load has got replies for. */
export interface ExpectedCalls {
  ids: string[];
  outputTokens: number;
}

/**
 * A gateway that loses calls under load is not fast. Looks into the database of a stopped one.
 * @throws when a call is missing, doubled or not ok, when tokens or bodies are missing, or when a row belongs to no call
 */
export function verifyLedger(dataDir: string, expected: ExpectedCalls, droppedBodies: number): void {
  const db = openDatabase(join(dataDir, 'traces.db'), { readonly: true, synchronous: 'NORMAL' });
  try {
    const ids = new Set(expected.ids.map((text) => parseCallId(text) ?? Number.NaN));
    const ok = statusCodes.codeOf('ok');
    const wrong: string[] = [];
    if (ids.size !== expected.ids.length || ids.has(Number.NaN)) wrong.push('replies without a call id of their own');
    const rows = db.prepare('SELECT id, status, output_text FROM calls').all() as { id: number; status: number; output_text: number }[];
    // What was in the ledger before; replies do not come in the order of their calls.
    const first = [...ids].reduce((least, id) => Math.min(least, id), Number.POSITIVE_INFINITY);
    const ours = rows.filter(({ id }) => id >= first);
    const missing = ids.size - ours.filter(({ id }) => ids.has(id)).length;
    if (missing !== 0) wrong.push(`${missing} calls are not in the ledger`);
    if (ours.length > ids.size) wrong.push(`${ours.length - ids.size} rows belong to no call`);
    const failed = ours.filter(({ status }) => status !== ok).length;
    if (failed > 0) wrong.push(`${failed} rows are not ok`);
    const tokens = ours.reduce((sum, { output_text }) => sum + output_text, 0);
    if (tokens !== expected.outputTokens) wrong.push(`${tokens} output tokens instead of ${expected.outputTokens}`);
    const { bodies } = db.prepare('SELECT count(*) AS bodies FROM bodies WHERE call_id >= ?').get(first) as { bodies: number };
    if (bodies !== ids.size) wrong.push(`bodies of ${ids.size - bodies} calls are missing (${droppedBodies} were dropped)`);
    if (wrong.length > 0) throw new Error(`The ledger is not what was called (${ids.size} calls): ${wrong.join('; ')}`);
  } finally {
    db.close();
  }
}
