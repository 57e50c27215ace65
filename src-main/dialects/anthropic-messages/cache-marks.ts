import type { CacheMark } from '../../domain/conversation.ts';
import type { Lose } from './lose.ts';
import type { Markable } from './wire.ts';

/** Carries the caller's prompt-cache breakpoints over. Blocks must be marked in prefix order: tools, system, messages. */
export interface CacheMarks {
  /** Puts the breakpoint of `element`, if it has one, on `block`; `path` is the element's in the request. */
  mark<T extends Markable>(block: T, element: CacheMark, path: string): T;
  /** Applies the vendor's limits; call once, when everything is rendered. */
  settle(): void;
}

const breakpointLimit = 4;

export function createCacheMarks(lose: Lose): CacheMarks {
  const marked: { block: Markable; path: string }[] = [];

  return {
    mark(block, element, path) {
      if (!element.cacheTtl) return block;
      block.cache_control = element.cacheTtl === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' };
      marked.push({ block, path: `${path}.cacheTtl` });
      return block;
    },
    settle() {
      // The last breakpoints matter: a read looks back from them over the whole prefix.
      for (const { block, path } of marked.splice(0, Math.max(0, marked.length - breakpointLimit))) {
        delete block.cache_control;
        lose(path, `At most ${breakpointLimit} cache breakpoints are allowed; the last ones are kept.`);
      }
      let shortSeen = false;
      for (const { block, path } of marked) {
        if (block.cache_control?.ttl === undefined) shortSeen = true;
        else if (shortSeen) {
          // The vendor rejects a 1-hour breakpoint behind a 5-minute one.
          block.cache_control = { type: 'ephemeral' };
          lose(path, 'A 1-hour cache breakpoint may not follow a 5-minute one; it lasts 5 minutes.');
        }
      }
    },
  };
}
