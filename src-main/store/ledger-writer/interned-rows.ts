import type { Sqlite, Statement } from '../database.ts';
import type { EndTexts, StartTexts } from '../journal/records.ts';

interface StartIds {
  targetId: number;
  /** Of the combination of tags, target and caller. */
  scopeId: number;
  clientId: number | null;
}

/** Ids of texts that repeat from call to call and are stored once. Works inside the caller's transaction. */
export interface InternedRows {
  startIds(texts: StartTexts): StartIds;
  /** null for a row that is only named and not in the file: what spelt it out was lost. */
  priceRowId(texts: EndTexts): number | null;
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
  const insertTag = db.prepare('INSERT OR IGNORE INTO tag_set_tags (key, value, tag_set_id) VALUES (?, ?, ?)');
  /** The texts of a program's calls are one object (journal/repeated-texts.ts). */
  const knownStarts = new Map<StartTexts, StartIds>();

  function tagSetId(tags: Readonly<Record<string, string>>): number {
    const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    // Object.fromEntries would lose a tag called "__proto__", and integer-like keys would come first.
    const canonical = `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
    const { id, isNew } = tagSets.idOf([canonical]);
    if (isNew) for (const [key, value] of pairs) insertTag.run(key, value, id);
    return id;
  }

  function findStartIds({ provider, model, callerKeyId, tags, client }: StartTexts): StartIds {
    const targetId = targets.idOf([provider ?? '', model ?? '']).id;
    const callerId = callerKeyId === null ? 0 : callers.idOf([callerKeyId]).id;
    const scopeId = scopes.idOf([tagSetId(tags), targetId, callerId]).id;
    return { targetId, scopeId, clientId: client === null ? null : clients.idOf([client]).id };
  }

  return {
    startIds: (texts) => {
      const known = knownStarts.get(texts);
      if (known !== undefined) return known;
      const ids = findStartIds(texts);
      if (knownStarts.size >= MAX_REMEMBERED) knownStarts.clear();
      knownStarts.set(texts, ids);
      return ids;
    },
    priceRowId: ({ priceRowId: key, priceRow }) => {
      if (key === null) return null;
      return priceRow === null ? priceRows.find([key]) : priceRows.idOf([key], () => [JSON.stringify(priceRow)]).id;
    },
    forget: () => {
      knownStarts.clear();
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
