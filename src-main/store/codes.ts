import type { CallStatus, Conversion, CostSource, Endpoint } from '../domain/call.ts';
import type { UsageFlag } from '../domain/token-usage.ts';

/** A closed set of words and the small integers the ledger keeps in their place. */
interface CodeList<Word extends string> {
  /** 0 for a word that is not in the list; its text then stands in the call's detail under `texts`. */
  codeOf(word: string): number;
  /** null for 0 and for codes of a newer version. */
  wordOf(code: number): Word | null;
}

/** The code for "not in the list". */
export const OTHER_CODE = 0;

// Codes are in files on users' disks: never renumber, only append.

/** `ok` is 1 because the partial index `calls_not_ok` leaves it out. */
export const statusCodes = defineCodes<CallStatus>({
  ok: 1,
  started: 2,
  error: 3,
  client_aborted: 4,
  upstream_truncated: 5,
  interrupted: 6,
  blocked: 7,
});

export const STATUS_OK = 1;
export const STATUS_STARTED = 2;
export const STATUS_INTERRUPTED = 6;

export const endpointCodes = defineCodes<Endpoint>({
  chat: 1,
  completions: 2,
  embeddings: 3,
  messages: 4,
  'count-tokens': 5,
  responses: 6,
  'gemini-generate': 7,
  'gemini-embed': 8,
  'gemini-count': 9,
  images: 10,
  audio: 11,
  moderations: 12,
  other: 13,
});

type KnownDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini-generate';

export const dialectCodes = defineCodes<KnownDialect>({
  'openai-chat': 1,
  'openai-responses': 2,
  'anthropic-messages': 3,
  'gemini-generate': 4,
});

export const conversionCodes = defineCodes<Conversion>({ unchanged: 1, patched: 2, translated: 3 });

export const costSourceCodes = defineCodes<CostSource>({
  provider: 1,
  'price-book': 2,
  override: 3,
  unknown: 4,
  estimated: 5,
  demo: 6,
  free: 7,
});

/** Bits of `calls.usage_flags`. Without `USAGE_REPORTED` the call had no usage at all. */
export const USAGE_REPORTED = 1;
export const usageFlagBits: Readonly<Record<UsageFlag, number>> = {
  usage_inconsistent: 2,
  usage_estimated: 4,
  usage_partial: 8,
};

/** In `bodies.layouts`. */
export const bodyKinds = { request: 1, response: 2, upstreamRequest: 3, upstreamResponse: 4 } as const;
export type BodyKind = keyof typeof bodyKinds;
const bodyKindNames = Object.keys(bodyKinds) as BodyKind[];

/** null for a code of a newer version. */
export function readBodyKind(code: number): BodyKind | null {
  return bodyKindNames.find((kind) => bodyKinds[kind] === code) ?? null;
}

function defineCodes<Word extends string>(codes: Readonly<Record<Word, number>>): CodeList<Word> {
  const byWord = new Map<string, number>(Object.entries<number>(codes));
  const byCode = new Map<number, Word>();
  for (const word of Object.keys(codes) as Word[]) byCode.set(codes[word], word);
  return {
    codeOf: (word) => byWord.get(word) ?? OTHER_CODE,
    wordOf: (code) => byCode.get(code) ?? null,
  };
}
