import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallsQuery } from '../../src-main/contract/admin-api.ts';
import { renderCallId } from '../../src-main/domain/call-id.ts';
import { GatewayError } from '../../src-main/domain/gateway-error.ts';
import { createLedgerQueries } from '../../src-main/store/reader/ledger-queries.ts';
import { parseCallsQuery } from '../../src-main/store/reader/parse-calls-query.ts';
import { cutIntoWords } from '../../src-main/store/reader/search-words.ts';
import { makeCall, openTestLedger } from '../support/record-calls.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestReader } from '../support/test-reader.ts';

/** A ledger with one call per text, and the query that finds texts by number. */
function openTexts(texts: readonly string[], traits: (number: number) => object = () => ({})) {
  const folder = makeTemporaryFolder();
  const ledger = openTestLedger(folder);
  const calls = texts.map((_, sequence) => makeCall({ sequence, ...traits(sequence) }));
  ledger.record(calls);
  for (const [i, call] of calls.entries()) ledger.indexText(call, texts[i] ?? '');
  const numbers = new Map(calls.map(({ start }, i) => [renderCallId(start.id), i]));
  const queries = createLedgerQueries(`${folder}/traces.db`);
  const find = (query: CallsQuery) => queries.listCalls(parseCallsQuery(query)).items.map(({ id }) => numbers.get(id));
  return { folder, ledger, find };
}

describe('search', () => {
  it.each<[string, number[]]>([
    ['brown', [1, 0]],
    ['brown fox', [0]],
    ['FOX quick', [0]],
    ['cafe', [2]],
    ['CAFÉ', [2]],
    ['naïve', [3]],
    ['foo-bar', [4]],
    ['bar foo', [4]],
    ['src/main.ts', [5]],
    ['"brown fox" NOT', []],
    ['fox*', [0]],
    ['?!', []],
    ['日本語', [6]],
    ['bro', []],
  ])('%s finds texts in which all its words occur', (search, expected) => {
    const texts = ['the quick brown fox', 'a brown dog', 'Café au lait', 'naive text', 'foo-bar', 'see src/main.ts:12', '日本語 テスト'];
    expect(openTexts(texts).find({ search })).toEqual(expected);
  });

  it('C11: whatever is searched for is answered or refused, never an error of ours', async () => {
    const { folder, ledger } = openTexts(['some words and more']);
    const { ledgerReader } = await openTestReader(folder);
    const syntax = fc.constantFrom(
      '"',
      "'",
      '*',
      '(',
      ')',
      ':',
      '^',
      '-',
      '+',
      'AND',
      'OR',
      'NOT',
      'NEAR(a b, 2)',
      'text:',
      '{a}',
      '%',
      '_',
      '\0',
      '--',
      ';',
      ' ',
    );
    const hostile = fc.oneof(
      fc.array(fc.oneof(syntax, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ minLength: 5_000, maxLength: 10_000 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (search) => {
        try {
          expect((await ledgerReader.listCalls({ search })).items.length).toBeLessThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect(error).toMatchObject({ code: 'invalid_request', param: 'search' });
        }
      }),
      { numRuns: 2_000 },
    );
    expect((await ledgerReader.listCalls({ search: 'more words' })).items).toHaveLength(1);
    ledger.close();
  });

  it('finds every text by the words it is made of, in any script', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 }), (texts) => {
        const { find, ledger } = openTexts(texts);
        for (const [i, text] of texts.entries()) {
          // SQLite knows the letters of Unicode 6.1; one that became a letter later is none to it.
          if (cutIntoWords(ledger.db, text).length === 0) continue;
          expect(find({ search: text, limit: 500 })).toContain(i);
        }
        ledger.close();
      }),
      { numRuns: 60 },
    );
  });

  it.each<[CallsQuery, (number: number) => boolean]>([
    [{ model: 'rare' }, (i) => i % 50 === 0],
    [{ model: 'common' }, (i) => i % 50 !== 0],
    [{ status: 'error' }, (i) => i % 7 === 0],
    [{ conversation: 'conv_3' }, (i) => i % 20 === 3],
    [{ conversation: 'conv_3', tag: 'env:prod' }, (i) => i % 20 === 3 && i % 2 === 1],
    [{ tag: 'env:prod' }, (i) => i % 2 === 1],
  ])('keeps to the filter %j, whether it lets many or few through', (query, passes) => {
    const numbers = Array.from({ length: 5_000 }, (_, i) => i);
    const { find, ledger } = openTexts(
      numbers.map((i) => `common word${i % 3}`),
      (i) => ({
        model: i % 50 === 0 ? 'rare' : 'common',
        conversationId: `conv_${i % 20}`,
        tags: i % 2 === 1 ? { env: 'prod' } : {},
        end: { status: i % 7 === 0 ? 'error' : 'ok' },
      }),
    );
    const expected = numbers.filter((i) => i % 3 === 1 && passes(i)).reverse();
    expect(find({ ...query, search: 'common word1', limit: 500 })).toEqual(expected.slice(0, 500));
    ledger.close();
  });
});

describe('hostile text in filters', () => {
  it.each(["' OR 1=1 --", '"; DROP TABLE calls; --', '%', '_', '\0', "x' UNION SELECT value FROM meta --", '__proto__', '💥'])(
    'C11: %j is a value like any other',
    async (text) => {
      const folder = makeTemporaryFolder();
      const ledger = openTestLedger(folder);
      ledger.record([
        makeCall({ sequence: 0 }),
        makeCall({ sequence: 1, provider: text, model: text, callerKeyId: text, conversationId: text, tags: { key: text } }),
      ]);
      ledger.close();
      const { ledgerReader } = await openTestReader(folder);
      for (const query of [{ provider: text }, { model: text }, { caller: text }, { conversation: text }, { tag: `key:${text}` }]) {
        expect((await ledgerReader.listCalls(query)).items).toHaveLength(1);
      }
      for (const query of [{ provider: text }, { model: text }, { caller: text }, { tag: `key:${text}` }]) {
        expect((await ledgerReader.readSpend({ ...query, groupBy: 'tag:key' }, Date.UTC(2027, 0))).groups).toMatchObject([
          { key: text, calls: 1 },
        ]);
      }
      expect((await ledgerReader.readSpend({ groupBy: `tag:${text}` }, Date.UTC(2027, 0))).groups).toMatchObject([{ key: null, calls: 2 }]);
      expect((await ledgerReader.listCalls({})).items).toHaveLength(2);
    },
  );
});
