import type { Sqlite } from '../database.ts';

/** Conversations and their sums. Works inside the caller's transaction. */
export interface Conversations {
  /** The conversation with this key, made if need be. */
  idOfKey(key: string, firstCallId: number): number;
  /** The last call whose messages are a beginning of these, the longest there is; null when none is known. */
  findPredecessor(chain: readonly number[]): number | null;
  /** Remembers the whole of the messages for the calls to come. */
  rememberChain(chain: readonly number[], callId: number): void;
  /** Counts a call in; once for each call. */
  addCall(conversationId: number, callId: number): void;
  /** Adds what an ended call cost; once for each call. */
  addCost(conversationId: number, costNano: number | null, unpriced: boolean): void;
  /** Writes what the batch has brought. */
  write(): void;
  forget(): void;
}

/** Beginnings tried before a long unknown history is taken for a new conversation. */
const MAX_LOOKUPS = 200;

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
  const chains = new Map<number, number>();
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

  function findPrefix(prefix: number): number | undefined {
    return chains.get(prefix) ?? statements.byPrefix.get(prefix);
  }

  function forget(): void {
    sums.clear();
    newIds.clear();
    chains.clear();
    nextId = (statements.greatest.get()?.id ?? 0) + 1;
  }

  forget();
  return {
    idOfKey,
    findPredecessor: (chain) => {
      const shortest = Math.max(0, chain.length - 1 - MAX_LOOKUPS);
      for (let index = chain.length - 2; index >= shortest; index--) {
        const found = findPrefix(chain[index] ?? 0);
        if (found !== undefined) return found;
      }
      return null;
    },
    rememberChain: (chain, callId) => {
      const prefix = chain.at(-1);
      if (prefix !== undefined) chains.set(prefix, callId);
    },
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
      for (const [prefix, callId] of chains) statements.setPrefix.run(prefix, callId);
      sums.clear();
      newIds.clear();
      chains.clear();
    },
    forget,
  };
}

function prepareStatements(db: Sqlite) {
  return {
    byKey: db.prepare<[string], { id: number }>('SELECT id FROM conversations WHERE key = ?'),
    byPrefix: db.prepare<[number], number>('SELECT call_id FROM conversation_prefixes WHERE prefix = ?').pluck(),
    setPrefix: db.prepare(
      'INSERT INTO conversation_prefixes (prefix, call_id) VALUES (?, ?) ON CONFLICT DO UPDATE SET call_id = excluded.call_id',
    ),
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
