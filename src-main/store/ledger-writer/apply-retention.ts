import { statSync } from 'node:fs';
import { firstCallIdAt, readCallTime } from '../../domain/call-id.ts';
import type { PieceStore } from '../bodies/piece-store.ts';
import type { Sqlite } from '../database.ts';
import type { RetentionLimits, RetentionReport } from '../ledger.ts';
import { deleteOldCalls } from './delete-old-calls.ts';
import { runSlices } from './slices.ts';
import { sweepPieces } from './sweep-pieces.ts';

const DAY_MS = 86_400_000;
/** A clock that is this far ahead of the newest call may be wrong; for a day nothing is deleted on its word. */
const MAX_CLOCK_LEAD_MS = 30 * DAY_MS;
const BODIES_A_SLICE = 500;
const PAGES_A_SLICE = 2_000;
/** Below the limit afterwards, or every hour would delete a little. */
const TARGET_SHARE = 0.95;
const MAX_ROUNDS = 12;

/**
 * Deletes bodies that are too old, calls that are too old, and the oldest bodies while the file is too big. In slices,
 * between which batches are written. The file shrinks.
 * @param now epoch ms
 */
export async function applyRetention(db: Sqlite, pieces: PieceStore, limits: RetentionLimits, now: number): Promise<RetentionReport> {
  const heldUntil = readHold(db, now);
  if (heldUntil !== null) return { heldUntil, deletedBodies: 0, deletedCalls: 0, bytes: readFileBytes(db) };

  const deletedCalls = await deleteOldCalls(db, firstIdToKeep(now, limits.metadataMaxAgeDays));
  let deletedBodies = await deleteBodies(db, firstIdToKeep(now, limits.bodiesMaxAgeDays), Number.POSITIVE_INFINITY);
  if (deletedBodies > 0 || deletedCalls > 0) await sweepPieces(db, pieces, false);
  await shrink(db);

  for (let round = 0; round < MAX_ROUNDS && readFileBytes(db) > limits.bodiesMaxBytes; round++) {
    const bytes = readFileBytes(db);
    const share = 1 - (limits.bodiesMaxBytes * TARGET_SHARE) / bytes;
    const bodies = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM bodies').get()?.count ?? 0;
    if (bodies === 0) break;
    deletedBodies += await deleteBodies(db, Number.MAX_SAFE_INTEGER, Math.ceil(bodies * share));
    await sweepPieces(db, pieces, false);
    await shrink(db);
  }
  return { heldUntil: null, deletedBodies, deletedCalls, bytes: readFileBytes(db) };
}

/** Whole days, so that a sweep is needed once a day and not every hour. */
function firstIdToKeep(now: number, days: number): number {
  return firstCallIdAt(Math.floor((now - days * DAY_MS) / DAY_MS) * DAY_MS);
}

/** Until when nothing may be deleted; null when the clock can be believed. */
function readHold(db: Sqlite, now: number): number | null {
  const newest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM calls').get()?.id ?? null;
  const isAhead = newest !== null && now - readCallTime(newest) > MAX_CLOCK_LEAD_MS;
  const held = db.prepare<[], { value: number }>("SELECT value FROM meta WHERE key = 'retention_hold_until'").get()?.value;
  if (!isAhead) {
    if (held !== undefined) db.prepare("DELETE FROM meta WHERE key = 'retention_hold_until'").run();
    return null;
  }
  if (held !== undefined && held <= now + DAY_MS) return held > now ? held : null;
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('retention_hold_until', ?)").run(now + DAY_MS);
  return now + DAY_MS;
}

async function deleteBodies(db: Sqlite, beforeId: number, atMost: number): Promise<number> {
  const select = db.prepare<[number, number], { id: number }>(
    'SELECT call_id AS id FROM bodies WHERE call_id < ? ORDER BY call_id LIMIT ?',
  );
  const deleteBody = db.prepare('DELETE FROM bodies WHERE call_id = ?');
  const deleteText = db.prepare('DELETE FROM call_text WHERE rowid = ?');
  let deleted = 0;
  const slice = db.transaction((): boolean => {
    const rows = select.all(beforeId, Math.min(BODIES_A_SLICE, atMost - deleted));
    for (const { id } of rows) {
      deleteBody.run(id);
      deleteText.run(id);
    }
    deleted += rows.length;
    return rows.length > 0 && deleted < atMost;
  });
  await runSlices(() => slice.immediate());
  return deleted;
}

/** Gives the free pages back to the system. */
async function shrink(db: Sqlite): Promise<void> {
  await runSlices(() => {
    db.pragma(`incremental_vacuum(${PAGES_A_SLICE})`);
    return Number(db.pragma('freelist_count', { simple: true })) > 0;
  });
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function readFileBytes(db: Sqlite): number {
  return ['', '-wal', '-shm'].reduce((sum, suffix) => sum + (statSync(db.name + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}
