/** One server-sent event. `event` is null when no `event:` line was sent (OpenAI chat, Gemini). */
export interface SseEvent {
  event: string | null;
  data: string;
}

export interface SseParser {
  push(chunk: Uint8Array): SseEvent[];
  /** The stream is over: delivers a last event that lacked its blank line. */
  end(): SseEvent[];
}

const LF = 10;
const CR = 13;

/**
 * Incremental parser for `text/event-stream` bytes (WHATWG HTML §9.2.6). Works on bytes and decodes whole lines, so a
 * chunk may end anywhere: inside a UTF-8 character, between CR and LF, in the byte-order mark. Lines have no length
 * cap here (OpenAI's `response.completed` and inline images run to megabytes); the relay bounds the whole stream.
 * Events without data (comments, retry hints, a lone name) are not delivered.
 */
export function createSseParser(): SseParser {
  const lines = createLineSplitter();
  let event: string | null = null;
  let data: string | null = null;

  /** Answers the event that a blank line completes. */
  function readLine(line: string): SseEvent | null {
    if (line === '') return takeEvent();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.charCodeAt(0) === 32) value = value.slice(1);
    if (field === 'data') data = data === null ? value : `${data}\n${value}`;
    else if (field === 'event') event = value === '' ? null : value;
    return null;
  }

  function takeEvent(): SseEvent | null {
    const taken = data === null ? null : { event, data };
    event = null;
    data = null;
    return taken;
  }

  function readLines(whole: readonly string[]): SseEvent[] {
    const events: SseEvent[] = [];
    for (const line of whole) {
      const completed = readLine(line);
      if (completed !== null) events.push(completed);
    }
    return events;
  }

  return {
    push: (chunk) => readLines(lines.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      const events = readLines(lines.end());
      const last = takeEvent();
      return last === null ? events : [...events, last];
    },
  };
}

interface LineSplitter {
  push(bytes: Buffer): string[];
  end(): string[];
}

/** Cuts bytes into lines ended by LF, CRLF or CR. Each byte is searched once and copied once, however long its line. */
function createLineSplitter(): LineSplitter {
  let pending: Buffer[] = [];
  let skipLf = false;
  let atStart = true;

  function decode(last: Buffer): string {
    const line = (pending.length === 0 ? last : Buffer.concat([...pending, last])).toString('utf8');
    pending = [];
    const hasMark = atStart && line.charCodeAt(0) === 0xfeff;
    atStart = false;
    return hasMark ? line.slice(1) : line;
  }

  return {
    push(bytes) {
      const lines: string[] = [];
      let from = skipLf && bytes[0] === LF ? 1 : 0;
      if (bytes.length > 0) skipLf = false;
      let nextLf = bytes.indexOf(LF, from);
      let nextCr = bytes.indexOf(CR, from);
      while (nextLf >= 0 || nextCr >= 0) {
        const isCr = nextCr >= 0 && (nextLf < 0 || nextCr < nextLf);
        const end = isCr ? nextCr : nextLf;
        lines.push(decode(bytes.subarray(from, end)));
        from = end + 1;
        if (isCr) {
          skipLf = from === bytes.length;
          if (nextLf === from) from++;
          nextCr = bytes.indexOf(CR, from);
        }
        if (nextLf >= 0 && nextLf < from) nextLf = bytes.indexOf(LF, from);
      }
      if (from < bytes.length) pending.push(Buffer.from(bytes.subarray(from)));
      return lines;
    },
    end: () => (pending.length > 0 ? [decode(Buffer.alloc(0))] : []),
  };
}

/** Wire bytes of one event. JSON data is one line, so no line splitting is needed. */
export function renderSse(event: SseEvent): string {
  return event.event === null ? `data: ${event.data}\n\n` : `event: ${event.event}\ndata: ${event.data}\n\n`;
}
