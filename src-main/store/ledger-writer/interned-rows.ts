import type { Sqlite, Statement } from '../database.ts';
import type { EndRecord } from '../journal/records.ts';

/** Ids of texts that repeat from call to call and are stored once. Works inside the caller's transaction. */
export interface InternedRows {
  targetId(provider: string | null, model: string | null): number;
  /**
   * The combination of tags, target and caller.
   * @param tags JSON, in the order they were sent
   */
  scopeId(tags: string, targetId: number, callerKeyId: string | null): number;
  clientId(client: string | null): number | null;
  /** null for a row that is only named and not in the file: what spelt it out was lost. */
  priceRowId(end: Pick<EndRecord, 'priceRowId' | 'priceRow'>): number | null;
  /** After a rollback: what is remembered may not be in the file. */
  forget(): void;
}

/** Callers that put a request id into a tag must not fill the memory. */
const MAX_REMEMBERED = 2_000;

export function createInternedRows(db: Sqlite): InternedRows {
  const targets = intern(db, 'targets', ['provider', 'model']);
  const callers = intern(db, 'callers', ['caller_key_id']);
  const clients = intern(db, 'clients', ['name']);
  const tagSets = intern(db, 'tag_sets', ['canonical']);
  const priceRows = intern(db, 'price_rows', ['key'], ['row']);
  const scopes = intern(db, 'scopes', ['tag_set_id', 'target_id', 'caller_id']);
  const tagSetsAsSent = new Map<string, number>();
  const insertTag = db.prepare('INSERT OR IGNORE INTO tag_set_tags (key, value, tag_set_id) VALUES (?, ?, ?)');

  function tagSetId(asSent: string): number {
    // Usually the same program sends the same tags in the same order: no need to sort them each time.
    const known = tagSetsAsSent.get(asSent);
    if (known !== undefined) return known;
    const pairs = Object.entries(JSON.parse(asSent) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));
    // Object.fromEntries would lose a tag called "__proto__", and integer-like keys would come first.
    const canonical = `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
    const { id, isNew } = tagSets.idOf([canonical]);
    if (isNew) for (const [key, value] of pairs) insertTag.run(key, value, id);
    if (tagSetsAsSent.size >= MAX_REMEMBERED) tagSetsAsSent.clear();
    tagSetsAsSent.set(asSent, id);
    return id;
  }

  return {
    targetId: (provider, model) => targets.idOf([provider ?? '', model ?? '']).id,
    scopeId: (tags, targetId, callerKeyId) => {
      const callerId = callerKeyId === null ? 0 : callers.idOf([callerKeyId]).id;
      return scopes.idOf([tagSetId(tags), targetId, callerId]).id;
    },
    clientId: (client) => (client === null ? null : clients.idOf([client]).id),
    priceRowId: ({ priceRowId: key, priceRow }) => {
      if (key === null) return null;
      return priceRow === null ? priceRows.find([key]) : priceRows.idOf([key], () => [JSON.stringify(priceRow)]).id;
    },
    forget: () => {
      tagSetsAsSent.clear();
      for (const table of [targets, callers, clients, tagSets, scopes, priceRows]) table.forget();
    },
  };
}

interface InternedTable {
  /** null when it is not in the table. */
  find(key: readonly (string | number)[]): number | null;
  idOf(key: readonly (string | number)[], rest?: () => readonly string[]): { id: number; isNew: boolean };
  forget(): void;
}

function intern(db: Sqlite, table: string, keyColumns: readonly string[], restColumns: readonly string[] = []): InternedTable {
  const columns = [...keyColumns, ...restColumns];
  const select: Statement = db
    .prepare(`SELECT id FROM ${table} WHERE ${keyColumns.map((column) => `${column} = ?`).join(' AND ')}`)
    .pluck();
  const insert: Statement = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const known = new Map<string, number>();

  const nameOf = (key: readonly (string | number)[]) => (key.length === 1 ? String(key[0]) : key.join('\u0000'));

  function find(key: readonly (string | number)[]): number | null {
    const name = nameOf(key);
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const found = select.get(...key);
    if (typeof found !== 'number') return null;
    remember(name, found);
    return found;
  }

  function remember(name: string, id: number): void {
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(name, id);
  }

  return {
    find,
    idOf: (key, rest = () => []) => {
      const found = find(key);
      if (found !== null) return { id: found, isNew: false };
      const id = Number(insert.run(...key, ...rest()).lastInsertRowid);
      remember(nameOf(key), id);
      return { id, isNew: true };
    },
    forget: () => known.clear(),
  };
}
