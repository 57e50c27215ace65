import type { Span } from './span.ts';

/** Finds any of a fixed set of texts. */
export interface TextFinder {
  /** Every occurrence, overlapping ones included. */
  find(text: string): Span[];
  /** Where the text's end could be the beginning of an occurrence; the text's length if nowhere. */
  findOpenEnd(text: string): number;
}

const tableSize = 1 << 14;
const maxShift = 255;

/** Two characters folded into a table slot; a shared slot costs a look, never a miss. */
function slot(first: number, second: number): number {
  return ((first << 7) ^ second) & (tableSize - 1);
}

/**
 * Wu and Manber's search (1994): looks at two characters per step and skips as far as the shortest text allows, so that
 * 1 MB without a hit costs about a millisecond whatever the number of texts. Each text has at least 2 characters.
 */
export function createTextFinder(texts: readonly string[]): TextFinder {
  const window = Math.min(...texts.map((text) => text.length));
  const shifts = new Uint8Array(tableSize).fill(Math.min(window - 1, maxShift));
  const endings = new Map<number, string[]>();
  const beginnings = new Map<number, string[]>();
  for (const text of texts) {
    for (let i = 1; i < window; i++) {
      const at = slot(text.charCodeAt(i - 1), text.charCodeAt(i));
      shifts[at] = Math.min(shifts[at] ?? 0, window - 1 - i);
      if (i === window - 1) endings.set(at, [...(endings.get(at) ?? []), text]);
    }
    beginnings.set(text.charCodeAt(0), [...(beginnings.get(text.charCodeAt(0)) ?? []), text]);
  }
  const longest = Math.max(0, ...texts.map((text) => text.length));

  return {
    find(text) {
      const found: Span[] = [];
      for (let i = window - 1; i < text.length; ) {
        const at = slot(text.charCodeAt(i - 1), text.charCodeAt(i));
        const shift = shifts[at] ?? 0;
        if (shift > 0) {
          i += shift;
          continue;
        }
        const start = i - window + 1;
        for (const candidate of endings.get(at) ?? []) {
          if (text.startsWith(candidate, start)) found.push({ start, end: start + candidate.length });
        }
        i++;
      }
      return found;
    },
    findOpenEnd(text) {
      for (let start = Math.max(0, text.length - longest + 1); start < text.length; start++) {
        const candidates = beginnings.get(text.charCodeAt(start));
        if (candidates?.some((candidate) => candidate.length > text.length - start && candidate.startsWith(text.slice(start))))
          return start;
      }
      return text.length;
    },
  };
}
