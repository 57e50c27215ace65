import type { Loss } from '../../domain/conversation.ts';

/** Collects losses; the same one in every turn of a long history is one. */
export interface LossNotes {
  note(path: string, reason: string): void;
  list(): Loss[];
}

export function createLossNotes(known: readonly Loss[]): LossNotes {
  const losses = new Map<string, Loss>();
  const note = (path: string, reason: string) => losses.set(`${path}\n${reason}`, { path, reason });
  for (const { path, reason } of known) note(path, reason);
  return { note, list: () => [...losses.values()] };
}
