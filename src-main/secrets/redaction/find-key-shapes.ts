import type { Span } from './span.ts';

interface KeyShape {
  /** Literal beginnings; long tables of literals are what makes the search linear. */
  readonly prefixes: readonly string[];
  /** What must follow. Sticky; consumes only characters of `run`. */
  readonly rest: RegExp;
  /** The characters the rest is made of: where they end, no more input can change the answer. */
  readonly run: RegExp;
}

const word = /[\w-]*/y;
const dotted = /[\w.-]*/y;
const pem = /[A-Za-z0-9+/=\s\\]*/y;

/** Vendors' published key shapes, loose in length: a new generation of keys is rather masked than missed. */
const shapes: readonly KeyShape[] = [
  {
    prefixes: ['sk-'],
    rest: /(?:(?:ant|proj|svcacct|admin|or)-[\w-]{20,}|[A-Za-z0-9]{20}T3BlbkFJ[\w-]{20,}|[A-Za-z0-9]{32,})/y,
    run: word,
  },
  { prefixes: ['sk_live_', 'rk_live_', 'sk_test_'], rest: /\w{16,}/y, run: word },
  { prefixes: ['tk_'], rest: /\w{20,}/y, run: word },
  { prefixes: ['AIza'], rest: /[\w-]{35}/y, run: word },
  { prefixes: ['gsk_', 'hf_', 'pplx-', 'xai-'], rest: /[A-Za-z0-9]{20,}/y, run: word },
  { prefixes: ['ABSK'], rest: /[A-Za-z0-9+/=]{40,}/y, run: /[\w+/=-]*/y },
  { prefixes: ['AKIA', 'ASIA'], rest: /[A-Z2-7]{16}(?![\w-])/y, run: word },
  { prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-'], rest: /[\w-]{20,}/y, run: word },
  { prefixes: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxs-'], rest: /[\w-]{20,}/y, run: word },
  { prefixes: ['eyJ'], rest: /[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/y, run: dotted },
  {
    prefixes: ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED '].map((type) => `-----BEGIN ${type}PRIVATE KEY-----`),
    // Line ends may be escaped as in JSON. The closing line is no secret and is left.
    rest: /(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,}[A-Za-z0-9+/=\s\\]*/y,
    run: pem,
  },
];

const shapeOfPrefix = new Map(shapes.flatMap((shape) => shape.prefixes.map((prefix) => [prefix, shape] as const)));
const anyPrefix = new RegExp([...shapeOfPrefix.keys()].join('|'), 'g');
const prefixBeginnings = new Set([...shapeOfPrefix.keys()].flatMap((prefix) => Array.from(prefix, (_, i) => prefix.slice(0, i)).slice(1)));
const longestBeginning = Math.max(...Array.from(prefixBeginnings, (beginning) => beginning.length));

/** ASCII as a table of 1 and 0. */
const tableOf = (characters: RegExp) => Uint8Array.from({ length: 128 }, (_, code) => (characters.test(String.fromCharCode(code)) ? 1 : 0));
const isWordCharacter = tableOf(/[\w-]/);
/** Of all runs but the private key's. */
const isRunCharacter = tableOf(/[\w.+/=-]/);
const wordAfterEscape = /\\[nrtbf]$|%[0-9A-Fa-f]{2}$/;

/** How many characters before a prefix decide whether it stands at the beginning of a word. */
export const boundaryLength = 3;

/** Every stretch that has the shape of a key. Linear: each run of word characters can begin only one candidate. */
export function findKeyShapes(text: string): Span[] {
  const spans: Span[] = [];
  anyPrefix.lastIndex = 0;
  for (let hit = anyPrefix.exec(text); hit !== null; hit = anyPrefix.exec(text)) {
    const shape = startsWord(text, hit.index) ? shapeOfPrefix.get(hit[0]) : undefined;
    const end = shape === undefined ? null : readEnd(shape.rest, text, anyPrefix.lastIndex);
    if (end !== null) spans.push({ start: hit.index, end });
  }
  return spans;
}

/** A key that may have begun, whose end is not in the text yet. */
export interface OpenKeyShape {
  /** The text's length if nothing has begun. */
  readonly start: number;
  /** Whether more text only goes on with what has begun, so that nothing new can be said yet. */
  readonly continues: (more: string) => boolean;
}

export function findOpenKeyShape(text: string): OpenKeyShape {
  anyPrefix.lastIndex = findTailStart(text);
  for (let hit = anyPrefix.exec(text); hit !== null; hit = anyPrefix.exec(text)) {
    const run = startsWord(text, hit.index) ? shapeOfPrefix.get(hit[0])?.run : undefined;
    if (run === undefined || readEnd(run, text, anyPrefix.lastIndex) !== text.length) continue;
    return { start: hit.index, continues: (more) => readEnd(run, more, 0) === more.length };
  }
  return { start: findOpenPrefix(text), continues: () => false };
}

/** Where the last stretch begins that a key reaching the text's end could lie in. Only a private key goes beyond one word. */
function findTailStart(text: string): number {
  let start = text.length;
  while (start > 0 && isRunCharacter[text.charCodeAt(start - 1)] === 1) start--;
  const lastPem = text.lastIndexOf('-----BEGIN ');
  return lastPem < 0 ? start : Math.min(start, lastPem);
}

function readEnd(sticky: RegExp, text: string, from: number): number | null {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : null;
}

/**
 * A key begins where no word character precedes; the last letter of an escape in JSON (`\n`) or in a URL (`%3D`) is none.
 * Without this, base64 pictures would be masked in places and `eyJeyJ…` would cost quadratic time.
 */
function startsWord(text: string, at: number): boolean {
  if (at === 0 || isWordCharacter[text.charCodeAt(at - 1)] !== 1) return true;
  return wordAfterEscape.test(text.slice(Math.max(0, at - boundaryLength), at));
}

function findOpenPrefix(text: string): number {
  for (let start = Math.max(0, text.length - longestBeginning); start < text.length; start++) {
    if (prefixBeginnings.has(text.slice(start)) && startsWord(text, start)) return start;
  }
  return text.length;
}
