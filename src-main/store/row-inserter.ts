import type { Sqlite, Statement } from './database.ts';

type SqlValue = number | string | Buffer | null;

/** Inserts rows into one table, many with one statement: half of what a small row costs is the way into SQLite and back. */
export interface RowInserter {
  /** @param row one value a column, in their order; not kept */
  add(row: readonly SqlValue[]): void;
  /** Rows are in the table only after this. Inside the caller's transaction. */
  write(): void;
  forget(): void;
}

/** Values of rows with NULLs in the same places, and the statements for them. */
interface Shape {
  insertMany: Statement;
  insertOne: Statement;
  /** Columns of a row that are not NULL. */
  width: number;
  /** How many rows `insertMany` takes. */
  rows: number;
}

/** More per statement gain nothing. */
const VALUES_A_STATEMENT = 256;
/** Rows of one table mostly look alike. */
const MAX_SHAPES = 64;

/** @param onConflict SQL behind the values */
export function createRowInserter(db: Sqlite, table: string, columns: readonly string[], onConflict = ''): RowInserter {
  const shapes = new Map<number, Shape>();
  /** Of the rows that wait. */
  let shape: Shape | null = null;
  let mask = -1;
  let waiting: SqlValue[] = [];

  function createShape(row: readonly SqlValue[]): Shape {
    const names = columns.filter((_, index) => row[index] !== null);
    const values = `(${names.map(() => '?').join(', ')})`;
    const prepare = (rows: number) =>
      db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${Array<string>(rows).fill(values).join(', ')} ${onConflict}`);
    const rows = Math.ceil(VALUES_A_STATEMENT / names.length);
    return { insertMany: prepare(rows), insertOne: prepare(1), width: names.length, rows };
  }

  function turnTo(newMask: number, row: readonly SqlValue[]): void {
    write();
    if (shapes.size >= MAX_SHAPES) shapes.clear();
    shape = shapes.get(newMask) ?? createShape(row);
    shapes.set(newMask, shape);
    mask = newMask;
  }

  function write(): void {
    if (shape === null || waiting.length === 0) return;
    const { insertOne, width } = shape;
    for (let at = 0; at < waiting.length; at += width) insertOne.run(...waiting.slice(at, at + width));
    waiting = [];
  }

  return {
    add: (row) => {
      // NULLs are left out: binding one takes as long as binding a number.
      const newMask = maskOf(row);
      if (newMask !== mask) turnTo(newMask, row);
      for (const value of row) if (value !== null) waiting.push(value);
      if (shape === null || waiting.length < shape.rows * shape.width) return;
      shape.insertMany.run(...waiting);
      waiting = [];
    },
    write,
    forget: () => {
      waiting = [];
    },
  };
}

/** One bit a column, set where the row has a value; up to 53 columns. */
function maskOf(row: readonly SqlValue[]): number {
  let mask = 0;
  let bit = 1;
  for (const value of row) {
    if (value !== null) mask += bit;
    bit *= 2;
  }
  return mask;
}
