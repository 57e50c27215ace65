import { join } from 'node:path';
import type { CallEnd, CallStart } from '../../src-main/domain/call.ts';
import { firstCallIdAt } from '../../src-main/domain/call-id.ts';
import { emptyUsage, type TokenUsage } from '../../src-main/domain/token-usage.ts';
import type { ArrivedBody } from '../../src-main/store/bodies/body-unpacker.ts';
import { openDatabase, type Sqlite } from '../../src-main/store/database.ts';
import { createBatchApplier } from '../../src-main/store/ledger-writer/apply-batch.ts';
import { tracesMigrations } from '../../src-main/store/ledger-writer/open-traces.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import { journaledEnd, journaledStart } from './journal-records.ts';

/** A call as the proxy records it; `end` is null while it runs. */
export interface TestCall {
  start: CallStart;
  end: CallEnd | null;
}

export interface CallTraits extends Partial<Omit<CallStart, 'id' | 'startedAt'>> {
  atMs?: number;
  /** Tells calls of one millisecond apart. */
  sequence?: number;
  /** null: still running. */
  end?: Partial<Omit<CallEnd, 'id'>> | null;
}

export const defaultCallMs = Date.UTC(2026, 2, 3, 12);

/** A priced, successful call unless said otherwise. */
export function makeCall({ atMs = defaultCallMs, sequence = 0, end = {}, ...traits }: CallTraits = {}): TestCall {
  const id = firstCallIdAt(atMs) + sequence;
  const start: CallStart = {
    id,
    startedAt: atMs,
    endpoint: 'chat',
    callerDialect: 'openai-chat',
    upstreamDialect: 'openai-chat',
    provider: 'openai',
    requestedModel: traits.model ?? 'gpt-5',
    model: 'gpt-5',
    conversion: 'unchanged',
    stream: false,
    callerKeyId: null,
    client: null,
    tags: {},
    conversationId: null,
    traceId: null,
    parentSpanId: null,
    requestBytes: 100,
    byok: false,
    ...traits,
  };
  return { start, end: end === null ? null : makeEnd(id, end) };
}

function makeEnd(id: number, traits: Partial<CallEnd>): CallEnd {
  return {
    id,
    status: 'ok',
    httpStatus: 200,
    durationMs: 1000,
    firstByteMs: 200,
    responseBytes: 500,
    servedModel: null,
    responseId: null,
    finishReason: 'stop',
    usage: makeUsage({ inputUncached: 10, outputText: 5 }),
    costNanoUsd: 1_000,
    costSource: 'price-book',
    priceRow: null,
    losses: [],
    attempts: [],
    error: null,
    ...traits,
  };
}

export function makeUsage(buckets: Partial<TokenUsage>): TokenUsage {
  return { ...emptyUsage(), ...buckets };
}

export interface TestLedger {
  /** The writer's own connection, for what the writer does elsewhere. */
  readonly db: Sqlite;
  /** Through the writer, in one batch. */
  record(calls: readonly TestCall[], bodies?: readonly ArrivedBody[]): void;
  /** Makes text findable. */
  indexText(call: TestCall, text: string): void;
  close(): void;
}

/** A ledger as the writing thread keeps it. */
export function openTestLedger(dataDir: string): TestLedger {
  const db = openDatabase(join(dataDir, 'traces.db'), { synchronous: 'NORMAL' });
  migrate(db, tracesMigrations);
  const applier = createBatchApplier(db);
  const insertText = db.prepare('INSERT INTO call_text (rowid, text) VALUES (?, ?)');
  return {
    db,
    record: (calls, bodies = []) => {
      const starts = calls.map(({ start }) => journaledStart(start));
      const ends = calls.flatMap(({ end }) => (end === null ? [] : [journaledEnd(end)]));
      applier.apply({ records: [...starts, ...ends], bodies, position: null });
    },
    indexText: ({ start }, text) => void insertText.run(start.id, text),
    close: () => db.close(),
  };
}
