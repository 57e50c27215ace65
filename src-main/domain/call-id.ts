/** Ids count milliseconds from here, so that 41 bits last until 2094. */
const EPOCH_MS = Date.UTC(2025, 0, 1);
/** 2^12 ids per millisecond: 41 + 12 = 53 bits, the whole range of exact integers in a double. */
const PER_MS = 4096;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TEXT_LENGTH = 11;

/**
 * Ids of calls: integers that grow with time and never repeat, even when the clock steps back. The integer is the row
 * id of the ledger, so the newest calls and a range of time are read without an index.
 * @param floor the greatest id already used (from the ledger); 0 for none
 */
export function createCallIds(clock: () => number, floor = 0): () => number {
  let last = floor;
  return () => {
    const now = Math.max(0, clock() - EPOCH_MS) * PER_MS;
    last = now > last ? now : last + 1;
    return last;
  };
}

/** The first id a call started at `epochMs` could have. */
export function firstCallIdAt(epochMs: number): number {
  return Math.max(0, epochMs - EPOCH_MS) * PER_MS;
}

/** Start time of a call to the millisecond (exact unless more than 4096 calls started within one). */
export function readCallTime(id: number): number {
  return Math.floor(id / PER_MS) + EPOCH_MS;
}

/** "call_" and 11 characters of Crockford's base 32; sorts like the integer. */
export function renderCallId(id: number): string {
  let rest = id;
  let text = '';
  for (let i = 0; i < TEXT_LENGTH; i++) {
    text = (ALPHABET[rest % 32] ?? '0') + text;
    rest = Math.floor(rest / 32);
  }
  return `call_${text}`;
}

/** null when the text is not a call id. */
export function parseCallId(text: string): number | null {
  const match = /^call_([0-9a-hjkmnp-tv-z]{11})$/.exec(text);
  if (match?.[1] === undefined) return null;
  let id = 0;
  for (const letter of match[1]) id = id * 32 + ALPHABET.indexOf(letter);
  return Number.isSafeInteger(id) ? id : null;
}
