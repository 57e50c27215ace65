import type { ReplySink, UpstreamReply } from './call-upstream.ts';

/** Shorter ones ("ollama", "EMPTY") are placeholders for local servers; masking them would mask ordinary words. */
const minKeyLength = 8;
const mask = '[key]';

/**
 * The same reply with the key it was asked with masked wherever the provider repeats it, also across the borders of chunks:
 * providers quote keys in errors, and an error may come in the middle of a stream. Other bytes are handed on as they are.
 */
export function hideKey(reply: UpstreamReply, key: string | null): UpstreamReply {
  if (key === null || key.length < minKeyLength) return reply;
  if (plainKey.test(key)) return hideText(reply, key);
  const forms = new Set([key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]);
  return [...forms].reduce(hideText, reply);
}

/** Looks the same as it is, inside JSON and in a URL; every vendor's keys do. */
const plainKey = /^[\w.~-]+$/;

function hideText(reply: UpstreamReply, text: string): UpstreamReply {
  return {
    ...reply,
    headers: reply.headers.map((header) => (header.includes(text) ? header.replaceAll(text, mask) : header)),
    consume: (sink) => reply.consume(maskData(sink, Buffer.from(text))),
  };
}

function maskData(sink: ReplySink, key: Buffer): ReplySink {
  /** The end of what came last, where it may be the beginning of the key. */
  let held: Buffer = nothing;

  function take(chunk: Buffer): boolean {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const first = bytes.indexOf(key);
    if (first < 0 && findOpenEnd(bytes, key, 0) === bytes.length) {
      held = nothing;
      return sink.onData(bytes);
    }
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = first; at >= 0; at = bytes.indexOf(key, from)) {
      parts.push(bytes.subarray(from, at), Buffer.from(mask));
      from = at + key.length;
    }
    const end = findOpenEnd(bytes, key, from);
    held = bytes.subarray(end);
    const known = parts.length === 0 ? bytes.subarray(0, end) : Buffer.concat([...parts, bytes.subarray(from, end)]);
    return known.length === 0 || sink.onData(known);
  }

  function release(): void {
    if (held.length > 0) sink.onData(held);
    held = nothing;
  }

  return {
    onData: take,
    onEnd() {
      release();
      sink.onEnd();
    },
    onError(error) {
      release();
      sink.onError(error);
    },
  };
}

const nothing: Buffer = Buffer.alloc(0);
const LF = 10;

/** Where the end of `bytes` could be the beginning of the key; their length if nowhere. */
function findOpenEnd(bytes: Buffer, key: Buffer, from: number): number {
  // No key holds a line end, and nearly every chunk of a stream ends with one.
  if (bytes[bytes.length - 1] === LF) return bytes.length;
  const first = key[0] ?? 0;
  const earliest = Math.max(from, bytes.length - key.length + 1);
  for (let at = bytes.indexOf(first, earliest); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (key.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
  }
  return bytes.length;
}
