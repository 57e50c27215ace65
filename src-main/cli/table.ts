import { renderPrintable } from './printable.ts';

export interface Column {
  title: string;
  /** Numbers stand at the right. */
  align?: 'right';
}

/** Rows under their titles, columns aligned, two spaces between; every cell made safe to print. Ends with a line break. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(renderPrintable))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => readWidth(row[index] ?? ''))));
  return cells.map((row) => renderRow(row, columns, widths)).join('');
}

/** One row in the given widths: for lists that grow while they are shown. */
export function renderRow(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  const padded = columns.map(({ align }, index) => {
    const cell = row[index] ?? '';
    const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - readWidth(cell)));
    return align === 'right' ? space + cell : cell + space;
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

/** In characters; a wide character counts as one. */
function readWidth(text: string): number {
  return [...text].length;
}
