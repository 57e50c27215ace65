import { createBlockReader } from '../blocks.ts';
import type { ArrivedBody } from '../bodies/body-unpacker.ts';
import { createBodyWriter } from '../bodies/body-writer.ts';
import { createPieceStore, type PieceStore } from '../bodies/piece-store.ts';
import type { Sqlite } from '../database.ts';
import type { EndRecord, JournalRecord, StartRecord } from '../journal/records.ts';
import { type JournalPosition, renderPosition } from '../journal/segments.ts';
import { BodiesByCall } from './bodies-by-call.ts';
import { createCallRows, readSpendShare } from './call-rows.ts';
import { createConversationPrefixes } from './conversation-prefixes.ts';
import { createConversations } from './conversations.ts';
import { createDetailBlocks, noDetail } from './detail-blocks.ts';
import { createInternedRows } from './interned-rows.ts';
import { inventStart, type OpenCall } from './open-call.ts';
import { createOpenCalls } from './open-calls.ts';
import { createSpendRollups } from './spend-rollups.ts';
import { createConversationThreading } from './thread-conversations.ts';

/** What is written in one transaction. */
interface Batch {
  records: Iterable<JournalRecord>;
  bodies: readonly ArrivedBody[];
  /** Up to where the journal is in the database once this batch is; null when it holds no journal records. */
  position: JournalPosition | null;
}

export interface BatchApplier {
  /**
   * Writes a batch, all of it or nothing. Records that are in the database already change nothing, so a journal may be
   * replayed from any earlier position.
   * @throws SqliteError, after which the same batch may be applied again
   */
  apply(batch: Batch): void;
  readonly pieces: PieceStore;
}

/** Unpacked details, needed only for calls that were open when the process ended. */
const DETAIL_CACHE_BYTES = 1024 * 1024;

export function createBatchApplier(db: Sqlite): BatchApplier {
  const greatestBlock = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM blocks');
  const setPosition = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('journal_position', ?)");
  let lastBlockId = 0;
  const nextBlockId = () => ++lastBlockId;

  const interned = createInternedRows(db);
  const pieces = createPieceStore(db, nextBlockId);
  const details = createDetailBlocks(db, nextBlockId);
  const spend = createSpendRollups(db);
  const conversations = createConversations(db);
  const rows = createCallRows(db);
  const calls = createOpenCalls(db, rows, interned, createBlockReader(db, DETAIL_CACHE_BYTES));
  const bodyWriter = createBodyWriter(db, pieces, nextBlockId);
  const prefixes = createConversationPrefixes(db);
  const threading = createConversationThreading(calls, conversations, prefixes, rows);

  function begin(start: StartRecord): OpenCall | undefined {
    const call = calls.add(start);
    if (call === undefined) return undefined;
    const { conversationKey } = start.texts;
    if (conversationKey !== null) {
      call.conversationId = conversations.idOfKey(conversationKey, call.id);
      conversations.addCall(call.conversationId, call.id);
    }
    return call;
  }

  function finish(end: EndRecord, awaitsBodies: boolean): void {
    // No open call: either the end came twice, or its start was lost; the second has no row.
    const call = calls.find(end.id) ?? begin(inventStart(end.id));
    if (call === undefined) return;
    rows.writeEnded(call, end, details.add(call.detail, end.detail), interned.priceRowId(end.texts));
    const share = readSpendShare(call, end);
    spend.add(share);
    if (call.conversationId !== null) conversations.addCost(call.conversationId, share.costNano, share.unpriced);
    call.newRow = null;
    calls.remove(end.id, awaitsBodies);
  }

  function keepBodies(callId: number, bodies: readonly ArrivedBody[]): void {
    const chain = bodyWriter.add(callId, bodies, threading.wantsMessages(callId));
    if (chain.length > 0) threading.assign(callId, chain);
  }

  const write = db.transaction((batch: Batch) => {
    const bodies = new BodiesByCall(batch.bodies);
    for (const record of batch.records) {
      if (record.type === 'start') begin(record.start);
      else {
        // Before its row, so that the row has the conversation they tell of.
        const own = bodies.take(record.end.id);
        if (own.length > 0) keepBodies(record.end.id, own);
        finish(record.end, own.length === 0);
      }
    }
    for (const [callId, late] of bodies.rest()) keepBodies(callId, late);
    for (const call of calls.open()) {
      if (call.newRow === null) continue;
      rows.insertStarted(call, details.add(call.detail, noDetail));
      call.newRow = null;
    }
    rows.write();
    bodyWriter.write();
    details.write();
    conversations.write();
    spend.write();
    if (batch.position !== null) setPosition.run(renderPosition(batch.position));
  });

  const forget = () => {
    for (const part of [interned, rows, bodyWriter, details, spend, conversations, prefixes, calls]) part.forget();
    // Never one again that was given out before: readers may have its old content in their caches.
    lastBlockId = Math.max(lastBlockId, greatestBlock.get()?.id ?? 0);
  };

  forget();
  return {
    apply: (batch) => {
      try {
        write.immediate(batch);
      } catch (error) {
        forget();
        throw error;
      }
    },
    pieces,
  };
}
