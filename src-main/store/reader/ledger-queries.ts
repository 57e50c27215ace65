import { statSync } from 'node:fs';
import type { CallDetail, CallSummary, ConversationSummary, SpendReport, SpendTotals } from '../../contract/entities.ts';
import type { CacheSavings, ErrorReport, LatencyReport } from '../../contract/reports.ts';
import { createBlockReader } from '../blocks.ts';
import { openDatabase, pragmaNumber, type Sqlite } from '../database.ts';
import type { Page } from '../ledger-reader.ts';
import { readStoreError } from '../store-error.ts';
import { listCalls } from './list-calls.ts';
import { type ConversationsRequest, listConversations } from './list-conversations.ts';
import { listErrors } from './list-errors.ts';
import { listTags } from './list-tags.ts';
import type { CallsRequest } from './parse-calls-query.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { type CacheSavingsReader, createCacheSavingsReader } from './read-cache-savings.ts';
import { readCall } from './read-call.ts';
import { readLatency } from './read-latency.ts';
import { readSpend, readTotals } from './read-spend.ts';
import { renderBodies } from './render-bodies.ts';
import { emptyTotals } from './spend-sums.ts';

/** The queries of the ledger on a connection of their own, opened by the first one. All throw StoreErrors. */
export interface LedgerQueries {
  listCalls(request: CallsRequest): Page<CallSummary>;
  readCall(id: number): CallDetail | null;
  renderBodies(id: number): Uint8Array<ArrayBuffer> | null;
  readSpend(request: SpendRequest): SpendReport;
  readLatency(request: SpendRequest): LatencyReport;
  readCacheSavings(request: SpendRequest): CacheSavings;
  listErrors(request: SpendRequest): ErrorReport;
  readTotals(fromMs: number): SpendTotals;
  listTags(): { key: string; values: string[] }[];
  listConversations(request: ConversationsRequest): Page<ConversationSummary>;
  close(): void;
}

/** Unpacked blocks kept while one call is read: pieces of a body often lie in the same one. */
const BLOCK_CACHE_BYTES = 8 * 1024 * 1024;
/** Dashboards over a month touch some 10 MB of roll-ups. */
const CACHE_KIB = 16 * 1024;
/** A reader waits only while a file is being recovered; then a late answer is worth less than a clear one. */
const BUSY_TIMEOUT_MS = 1_000;

/** @param path the ledger's file; while it does not exist every query answers that there is nothing */
export function createLedgerQueries(path: string): LedgerQueries {
  let connection: { db: Sqlite; inode: number } | null = null;
  const savings = new WeakMap<Sqlite, CacheSavingsReader>();

  function savingsOf(db: Sqlite): CacheSavingsReader {
    const reader = savings.get(db) ?? createCacheSavingsReader(db);
    savings.set(db, reader);
    return reader;
  }

  function connect(): Sqlite | null {
    const inode = statSync(path, { throwIfNoEntry: false })?.ino;
    // The writer puts a new file in the place of a damaged one.
    if (connection !== null && connection.inode !== inode) close();
    if (connection !== null) return connection.db;
    if (inode === undefined) return null;
    const db = openDatabase(path, { readonly: true, synchronous: 'NORMAL', busyTimeoutMs: BUSY_TIMEOUT_MS, cacheKiB: CACHE_KIB });
    // Just created: its writer has not made the tables yet.
    if (pragmaNumber(db, 'user_version') === 0) {
      db.close();
      return null;
    }
    connection = { db, inode };
    return db;
  }

  function close(): void {
    connection?.db.close();
    connection = null;
  }

  function query<T>(nothing: T, read: (db: Sqlite) => T): T {
    try {
      const db = connect();
      return db === null ? nothing : read(db);
    } catch (cause) {
      throw readStoreError(cause);
    }
  }

  return {
    listCalls: (request) => query({ items: [], nextCursor: null }, (db) => listCalls(db, request)),
    readCall: (id) => query(null, (db) => readCall(db, createBlockReader(db, BLOCK_CACHE_BYTES), id)),
    renderBodies: (id) => query(null, (db) => renderBodies(db, createBlockReader(db, BLOCK_CACHE_BYTES), id)),
    readSpend: (request) => query(renderEmptyReport(request), (db) => readSpend(db, request)),
    readLatency: (request) => query(renderNoLatency(request), (db) => readLatency(db, request)),
    readCacheSavings: (request) => query(renderNoSavings(request), (db) => savingsOf(db).read(request)),
    listErrors: (request) => query(renderNoErrors(request), (db) => listErrors(db, request)),
    readTotals: (fromMs) => query(emptyTotals(), (db) => readTotals(db, fromMs)),
    listTags: () => query([], listTags),
    listConversations: (request) => query({ items: [], nextCursor: null }, (db) => listConversations(db, request)),
    close,
  };
}

function renderEmptyReport({ groupBy, fromMs, toMs }: SpendRequest): SpendReport {
  return { groupBy, from: fromMs ?? toMs, to: toMs, totals: emptyTotals(), groups: [] };
}

function renderNoLatency({ groupBy, fromMs, toMs }: SpendRequest): LatencyReport {
  const totals = { calls: 0, durationMs: null, streamed: 0, firstTokenMs: null };
  return { groupBy, from: fromMs ?? toMs, to: toMs, isWhole: true, totals, groups: [] };
}

function renderNoSavings({ groupBy, fromMs, toMs }: SpendRequest): CacheSavings {
  const from = fromMs ?? toMs;
  return { groupBy, from, to: toMs, countedFrom: from, totals: { savedNanoUsd: 0, calls: 0, unknown: 0 }, groups: [] };
}

function renderNoErrors({ fromMs, toMs }: SpendRequest): ErrorReport {
  return { from: fromMs ?? toMs, to: toMs, calls: 0, isWhole: true, items: [] };
}
