import { asList, asObject } from '../json-value.ts';
import { resolveCapabilities } from './capabilities.ts';

/**
 * Counts the searches Google bills for grounded answers: each distinct query since Gemini 3, one per prompt before.
 * Chunks of one stream may repeat the queries, so they are kept as a set.
 */
export function collectSearchQueries(candidates: unknown, into: Set<string>): void {
  for (const candidate of asList(candidates)) {
    const grounding = asObject(asObject(candidate)?.['groundingMetadata']);
    for (const query of asList(grounding?.['webSearchQueries'])) {
      if (typeof query === 'string' && query !== '') into.add(query);
    }
  }
}

/** null when no search was reported. */
export function countBilledSearches(queries: ReadonlySet<string>, model: string): number | null {
  if (queries.size === 0) return null;
  return resolveCapabilities(model).sinceGemini3 ? queries.size : 1;
}
