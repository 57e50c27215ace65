import type { Sqlite } from '../database.ts';

/** Conversations and their sums. Works inside the caller's transaction. */
export interface Conversations {
  /** The conversation with this key, made if need be. */
  idOfKey(key: string, firstCallId: number): number;
  /** Counts a call in; once for each call. */
  addCall(conversationId: number, callId: number): void;
  /** Adds what an ended call cost; once for each call. */
  addCost(conversationId: number, costNano: number | null, unpriced: boolean): void;
  /** Writes what the batch has brought. */
  write(): void;
  forget(): void;
}

interface Sums {
  /** Set for a conversation that is not in the file yet. */
  newKey: string | null;
  firstCallId: number;
  lastCallId: number;
  calls: number;
  costNano: number;
  unpriced: number;
}

export function createConversations(db: Sqlite): Conversations {
  const statements = prepareStatements(db);
  const sums = new Map<number, Sums>();
  const newIds = new Map<string, number>();
  let nextId = 0;

  function create(key: string, callId: number): number {
    const id = nextId++;
    newIds.set(key, id);
    sums.set(id, { newKey: key, firstCallId: callId, lastCallId: callId, calls: 0, costNano: 0, unpriced: 0 });
    return id;
  }

  function sumsOf(id: number): Sums {
    const known = sums.get(id) ?? { newKey: null, firstCallId: 0, lastCallId: 0, calls: 0, costNano: 0, unpriced: 0 };
    sums.set(id, known);
    return known;
  }

  function idOfKey(key: string, callId: number): number {
    return newIds.get(key) ?? statements.byKey.get(key)?.id ?? create(key, callId);
  }

  function forget(): void {
    sums.clear();
    newIds.clear();
    nextId = (statements.greatest.get()?.id ?? 0) + 1;
  }

  forget();
  return {
    idOfKey,
    addCall: (id, callId) => {
      const sum = sumsOf(id);
      sum.calls++;
      sum.lastCallId = Math.max(sum.lastCallId, callId);
    },
    addCost: (id, costNano, unpriced) => {
      const sum = sumsOf(id);
      sum.costNano += costNano ?? 0;
      sum.unpriced += Number(unpriced);
    },
    write: () => {
      for (const [id, sum] of sums) {
        const { newKey, firstCallId, lastCallId, calls, costNano, unpriced } = sum;
        if (newKey === null) statements.update.run(lastCallId, calls, costNano, unpriced, id);
        else statements.insert.run(id, newKey, firstCallId, lastCallId, calls, costNano, unpriced);
      }
      sums.clear();
      newIds.clear();
    },
    forget,
  };
}

function prepareStatements(db: Sqlite) {
  return {
    byKey: db.prepare<[string], { id: number }>('SELECT id FROM conversations WHERE key = ?'),
    insert: db.prepare(
      'INSERT INTO conversations (id, key, first_call_id, last_call_id, calls, cost_nano, unpriced) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    update: db.prepare(
      `UPDATE conversations SET last_call_id = max(last_call_id, ?), calls = calls + ?, cost_nano = cost_nano + ?, unpriced = unpriced + ?
       WHERE id = ?`,
    ),
    greatest: db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM conversations'),
  };
}
