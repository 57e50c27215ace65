import { endsSseEvent } from '../dialects/sse.ts';

/** Takes the usage chunk out of a stream; `null` = nothing to send yet. */
export interface UsageHider {
  push(chunk: Buffer): Buffer | null;
  /** The stream is over: what was held of a last event without its blank line. */
  end(): Buffer | null;
}

/**
 * Takes the usage chunk out of a Chat Completions stream whose caller did not ask for it (pitfall S1: naive clients index
 * `choices[0]`). Bytes pass untouched and at once while no event is half-received; only an unfinished event is held back.
 */
export function createUsageHider(): UsageHider {
  let held: Buffer | null = null;
  return {
    push(chunk) {
      const bytes: Buffer = held === null ? chunk : Buffer.concat([held, chunk]);
      held = null;
      const suspect = bytes.includes('"choices":[]') || bytes.includes('"choices": []');
      if (!suspect && endsSseEvent(bytes)) return bytes;
      const end = lastEventEnd(bytes);
      if (end < bytes.length) held = Buffer.from(bytes.subarray(end));
      const whole = bytes.subarray(0, end);
      if (whole.length === 0) return null;
      return suspect ? dropUsage(whole) : whole;
    },
    end() {
      const rest = held;
      held = null;
      return rest === null || isUsageChunk(rest) ? null : rest;
    },
  };
}

function dropUsage(whole: Buffer): Buffer | null {
  const kept = splitEvents(whole).filter((event) => !isUsageChunk(event));
  return kept.length === 0 ? null : Buffer.concat(kept);
}

/** The one chunk that exists only because we asked for it: no choices, a usage object. */
function isUsageChunk(event: Buffer): boolean {
  const data = /^data: ?(\{.*\})\s*$/m.exec(event.toString('utf8'))?.[1];
  if (data === undefined) return false;
  try {
    const { choices, usage } = JSON.parse(data) as Record<string, unknown>;
    return Array.isArray(choices) && choices.length === 0 && typeof usage === 'object' && usage !== null;
  } catch {
    return false;
  }
}

/** Behind the last blank line, LF or CRLF; 0 when there is none. */
function lastEventEnd(bytes: Buffer): number {
  const lf = bytes.lastIndexOf('\n\n');
  const crlf = bytes.lastIndexOf('\r\n\r\n');
  return Math.max(lf < 0 ? 0 : lf + 2, crlf < 0 ? 0 : crlf + 4);
}

function splitEvents(bytes: Buffer): Buffer[] {
  const events: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 10 || !(bytes[at - 1] === 10 || (bytes[at - 1] === 13 && bytes[at - 2] === 10)) || at <= from) continue;
    events.push(bytes.subarray(from, at + 1));
    from = at + 1;
  }
  if (from < bytes.length) events.push(bytes.subarray(from));
  return events;
}
