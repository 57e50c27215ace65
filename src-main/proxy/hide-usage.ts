/** The one chunk that exists only because we asked for it: no choices, a usage object. */
const usageChunk = /^data: ?\{.*"choices":\s*\[\].*"usage":\s*\{/s;

/**
 * Takes the usage chunk out of a Chat Completions stream whose caller did not ask for it (pitfall S1: naive clients index
 * `choices[0]`). Bytes pass untouched and at once while no event is half-received; only an unfinished event is held back.
 */
export function createUsageHider(): (chunk: Buffer) => Buffer | null {
  let held: Buffer | null = null;
  return (chunk) => {
    const bytes: Buffer = held === null ? chunk : Buffer.concat([held, chunk]);
    held = null;
    const suspect = bytes.includes('"choices":[]') || bytes.includes('"choices": []');
    if (!suspect && endsEvent(bytes)) return bytes;
    const end = lastEventEnd(bytes);
    if (end < bytes.length) held = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (whole.length === 0) return null;
    return suspect ? dropUsage(whole) : whole;
  };
}

function dropUsage(whole: Buffer): Buffer | null {
  const kept = splitEvents(whole).filter((event) => !usageChunk.test(event.toString('utf8')));
  return kept.length === 0 ? null : Buffer.concat(kept);
}

function endsEvent(bytes: Buffer): boolean {
  const { length } = bytes;
  return bytes[length - 1] === 10 && (bytes[length - 2] === 10 || (bytes[length - 2] === 13 && bytes[length - 3] === 10));
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
