/** A text as rows of at most `columns` characters, without a copy of it: where each row starts. */
export interface TextRows {
  readonly count: number;
  row(index: number): string;
  /** Which row a place in the text is in. */
  rowAt(offset: number): number;
  startOf(index: number): number;
}

export function divideIntoRows(text: string, columns: number): TextRows {
  let starts = new Uint32Array(1024);
  let count = 0;
  const add = (offset: number): void => {
    if (count === starts.length) {
      const larger = new Uint32Array(starts.length * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = offset;
  };
  let line = 0;
  while (line <= text.length) {
    const end = text.indexOf('\n', line);
    const stop = end === -1 ? text.length : end;
    add(line);
    for (let at = line + columns; at < stop; at += columns) add(at);
    if (end === -1) break;
    line = end + 1;
  }
  const startOf = (index: number): number => (index < count ? (starts[index] ?? 0) : text.length + 1);
  return {
    count,
    startOf,
    row: (index) => text.slice(startOf(index), startOf(index + 1)).replace(/\r?\n$/, ''),
    rowAt: (offset) => {
      let low = 0;
      let high = count - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

export const maxMatches = 10_000;

/** Places of `needle`, whatever its case. */
export function findAll(text: string, needle: string): number[] {
  if (needle === '') return [];
  const found: number[] = [];
  const pattern = new RegExp(needle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  for (const { index } of text.matchAll(pattern)) {
    found.push(index);
    if (found.length === maxMatches) break;
  }
  return found;
}
