import type { AssistantPart, CacheMark, UserPart } from '../../domain/conversation.ts';
import { asObject, type JsonObject } from '../json-value.ts';

/**
 * A prompt-cache breakpoint on a part, message or tool: OpenAI's `prompt_cache_breakpoint`, or Anthropic's
 * `cache_control`, which many clients send in this dialect too. OpenAI's lifetimes (30 m, 12 h) both outlive five
 * minutes, so they ask for the hour.
 */
export function readCacheMark(wire: JsonObject): CacheMark {
  const breakpoint = asObject(wire.prompt_cache_breakpoint);
  if (breakpoint !== null) return { cacheTtl: typeof breakpoint.ttl === 'string' ? '1h' : '5m' };
  const control = asObject(wire.cache_control);
  if (control !== null) return { cacheTtl: control.ttl === '1h' ? '1h' : '5m' };
  return {};
}

/** A mark on a whole message stands behind its last part that can carry one. */
export function markLast<Part extends UserPart | AssistantPart>(parts: Part[], mark: CacheMark): Part[] {
  const last = parts.findLast(
    (part) => part.type === 'text' || part.type === 'image' || part.type === 'document' || part.type === 'tool-call',
  );
  if (last !== undefined) Object.assign(last, mark);
  return parts;
}
