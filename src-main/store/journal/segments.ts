import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A place in the journal: everything before it. Segments are numbered from 1. */
export interface JournalPosition {
  segment: number;
  offset: number;
}

/** A segment is closed when it has reached this size and deleted when SQLite durably holds what is in it. */
export const SEGMENT_BYTES = 8 * 1024 * 1024;

/** Folder of the segment files. */
export function journalDir(dataDir: string): string {
  return join(dataDir, 'journal');
}

export function segmentPath(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(8, '0')}.log`);
}

/** Numbers of the segments in a folder, ascending. */
export function listSegments(dir: string): number[] {
  return readdirSync(dir)
    .flatMap((name) => /^(\d{8,})\.log$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export function renderPosition(position: JournalPosition): string {
  return `${position.segment}:${position.offset}`;
}

/** The beginning of everything where the text is no position. */
export function parsePosition(text: unknown): JournalPosition {
  const match = /^(\d+):(\d+)$/.exec(String(text));
  return { segment: Number(match?.[1] ?? 0), offset: Number(match?.[2] ?? 0) };
}
