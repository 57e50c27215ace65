import { firstCallIdAt } from '../../domain/call-id.ts';

/**
 * Ids of the calls that started in a stretch of time, the end left out. SQLite's integers and ours end where a double is exact.
 * @param fromMs epoch ms; null = from the beginning
 */
export function readIdRange({ fromMs, toMs }: { fromMs: number | null; toMs: number | null }): [firstId: number, endId: number] {
  const idAt = (ms: number): number => Math.min(firstCallIdAt(ms), Number.MAX_SAFE_INTEGER);
  return [fromMs === null ? 0 : idAt(fromMs), toMs === null ? Number.MAX_SAFE_INTEGER : idAt(toMs)];
}
