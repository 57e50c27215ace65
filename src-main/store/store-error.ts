/** What went wrong with a file of ours, in the terms of who can do something about it. */
export type StoreErrorCode =
  /** Written by a newer Tollgate; the file was not touched. */
  | 'newer_schema'
  /** Not a database, or pages of it are damaged. */
  | 'corrupt'
  | 'disk_full'
  /** Another program holds the file. */
  | 'busy'
  | 'io'
  | 'bad_request'
  /** The thread that owns the file is gone. */
  | 'thread_stopped'
  | 'internal';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Sorts what SQLite and the file system throw into our codes; an error that is already ours is returned as it is. */
export function readStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError(readCode(error), message, { cause: error });
}

function readCode(error: unknown): StoreErrorCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'corrupt';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY' || /^E[A-Z]+$/.test(code)) return 'io';
  return 'internal';
}
