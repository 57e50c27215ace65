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
const SPACE = 32;

/**
 * Incremental parser for `text/event-stream` bytes (WHATWG HTML §9.2.6). Works on bytes and decodes whole lines, so a
 * chunk may end anywhere: inside a UTF-8 character, between CR and LF, in the byte-order mark. Lines have no length
 * cap here (OpenAI's `response.completed` and inline images run to megabytes); the relay bounds the whole stream.
 * Events without data (comments, retry hints, a lone name) are not delivered.
 */
export function createSseParser(): SseParser {
  const decoder = createLineDecoder();
  let event: string | null = null;
  let data: string | null = null;

  /** Ends lie at LF, CRLF or CR. */
  function readLines(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let at = 0;
    while (at < text.length) {
      const lf = text.indexOf('\n', at);
      const end = lf < 0 ? text.length : lf;
      const line = text.slice(at, end > at && text.charCodeAt(end - 1) === CR ? end - 1 : end);
      if (line.includes('\r')) for (const part of line.split('\r')) readLine(part, events);
      else readLine(line, events);
      at = end + 1;
    }
    return events;
  }

  function readLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (data !== null) events.push({ event, data });
      event = null;
      data = null;
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const from = colon < 0 ? line.length : line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
    const value = line.slice(from);
    if (field === 'event') event = value === '' ? null : value;
    else data = data === null ? value : `${data}\n${value}`;
  }

  return {
    push: (chunk) =>
      readLines(decoder.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      const events: SseEvent[] = [];
      const rest = decoder.end();
      if (rest !== '') readLine(rest, events);
      readLine('', events);
      return events;
    },
  };
}

interface LineDecoder {
  /** Text of the lines that are whole by now, their ends included. */
  push(bytes: Buffer): string;
  /** The line that lacks its end. */
  end(): string;
}

/** Each byte is searched once and copied once, however long its line; lines that came together are decoded together. */
function createLineDecoder(): LineDecoder {
  let pending: Buffer[] = [];
  let skipLf = false;
  let atStart = true;

  function decode(bytes: Buffer, from: number, end: number): string {
    const text =
      pending.length === 0 ? bytes.toString('utf8', from, end) : Buffer.concat([...pending, bytes.subarray(from, end)]).toString('utf8');
    pending = [];
    const hasMark = atStart && text.charCodeAt(0) === 0xfeff;
    atStart = false;
    return hasMark ? text.slice(1) : text;
  }

  return {
    push(bytes) {
      const { length } = bytes;
      if (length === 0) return '';
      const from = skipLf && bytes[0] === LF ? 1 : 0;
      const end = bytes[length - 1] === LF ? length : Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
      skipLf = end === length && bytes[length - 1] === CR;
      const text = end > from ? decode(bytes, from, end) : '';
      const rest = Math.max(from, end);
      if (rest < length) pending.push(Buffer.from(bytes.subarray(rest)));
      return text;
    },
    end: () => decode(Buffer.alloc(0), 0, 0),
  };
}

/** Whether the bytes end with the blank line that ends an event. */
export function endsSseEvent(bytes: Buffer): boolean {
  const { length } = bytes;
  if (bytes[length - 1] !== LF) return false;
  return bytes[length - 2] === LF || (bytes[length - 2] === CR && bytes[length - 3] === LF);
}

/** Wire bytes of one event. JSON data is one line, so no line splitting is needed. */
export function renderSse(event: SseEvent): string {
  return event.event === null ? `data: ${event.data}\n\n` : `event: ${event.event}\ndata: ${event.data}\n\n`;
}
