import { createBlockReader } from '../blocks.ts';
import { type BodyReader, createBodyReader } from '../bodies/read-body.ts';
import type { BodyKind } from '../codes.ts';
import { STATUS_STARTED } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { callTextTable } from '../migrations/traces-0001-ledger.ts';
import { readStoreError } from '../store-error.ts';
import { MAX_TEXT_CHARS, readReplyText, readRequestText } from './body-text.ts';

/** Fills the full-text index, behind the calls: indexing a text costs more than storing it. */
export interface TextIndex {
  /** Works for some milliseconds. @returns whether there is more to do */
  indexSlice(): boolean;
}

const SLICE_MS = 20;
const SLICE_CALLS = 200;
const BLOCK_CACHE_BYTES = 1024 * 1024;
/** Bigger ones hold files, and parsing them would hold up the thread. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

interface Candidate {
  id: number;
  /** Of its conversation; null when it has none. */
  first_call_id: number | null;
}

export function createTextIndex(db: Sqlite): TextIndex {
  const bodies = createBodyReader(db, createBlockReader(db, BLOCK_CACHE_BYTES));
  const selectThrough = db.prepare<[], { value: number }>("SELECT value FROM meta WHERE key = 'text_indexed_through'");
  const setThrough = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('text_indexed_through', ?)");
  const insert = db.prepare('INSERT INTO call_text (rowid, text) VALUES (?, ?)');
  // A call that is still running gets its bodies later: the index must not pass it.
  const selectNext = db.prepare<[number, number, number], Candidate>(
    `SELECT bodies.call_id AS id, conversations.first_call_id
     FROM bodies LEFT JOIN calls ON calls.id = bodies.call_id LEFT JOIN conversations ON conversations.id = calls.conversation_id
     WHERE bodies.call_id > ? AND bodies.call_id < coalesce((SELECT min(id) FROM calls WHERE status <> 1 AND status = ?), 9e18)
     ORDER BY bodies.call_id LIMIT ?`,
  );

  const indexSome = db.transaction((): boolean => {
    const end = performance.now() + SLICE_MS;
    const candidates = selectNext.all(selectThrough.get()?.value ?? 0, STATUS_STARTED, SLICE_CALLS);
    let last: number | null = null;
    for (const { id, first_call_id: first } of candidates) {
      if (last !== null && performance.now() > end) break;
      const text = readCallText(bodies, id, first !== null && first !== id);
      if (text !== '') insert.run(id, text);
      last = id;
    }
    if (last !== null) setThrough.run(last);
    return last !== null;
  });

  const rebuild = db.transaction(() => {
    db.exec(`DROP TABLE call_text; ${callTextTable}`);
    setThrough.run(0);
  });

  let isRebuilt = false;
  return {
    indexSlice: () => {
      try {
        return indexSome.immediate();
      } catch (error) {
        const { code } = readStoreError(error);
        // A damaged index answers with all kinds of errors; what is in it can be had again from the bodies.
        if (isRebuilt || (code !== 'corrupt' && code !== 'internal')) throw error;
        isRebuilt = true;
        rebuild.immediate();
        return true;
      }
    },
  };
}

function readCallText(bodies: BodyReader, id: number, hasHistory: boolean): string {
  const request = readRequestText(readText(bodies, id, 'request'), hasHistory);
  const reply = readReplyText(readText(bodies, id, 'response'));
  return `${request}\n${reply}`.trim().slice(0, MAX_TEXT_CHARS);
}

/** Empty when there is none, when it is too big, or damaged: search is no place to fail. */
function readText(bodies: BodyReader, id: number, kind: BodyKind): string {
  try {
    const body = bodies.readBodyInside(id, kind);
    return body === null || body.length > MAX_BODY_BYTES ? '' : body.toString();
  } catch {
    return '';
  }
}
