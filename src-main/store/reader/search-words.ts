import type { Sqlite } from '../database.ts';

/**
 * Cuts a search text into words with the tokenizer of the text index (it must be the one of `call_text`). Nothing else
 * cuts the same way in every script, and two of its words taken for one would be a phrase, which an index with
 * `detail=none` refuses. Empty when the text holds no letter and no digit.
 */
export function cutIntoWords(db: Sqlite, text: string): string[] {
  db.exec(`
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_text USING fts5 (text, detail=none, tokenize='unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab (temp, search_text, row);
  `);
  db.prepare('INSERT INTO temp.search_text (rowid, text) VALUES (1, ?)').run(text);
  try {
    return db.prepare<[], string>('SELECT term FROM temp.search_words').pluck().all();
  } finally {
    db.exec('DELETE FROM temp.search_text');
  }
}

/** The FTS5 query "all of these words". Quoted, no word is syntax; words hold no quotes. */
export function renderSearchExpression(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' AND ');
}
