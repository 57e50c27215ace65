import type { ServerResponse } from 'node:http';

/** What the fake upstream sends, and how it goes wrong. */
export interface ScriptedReply {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A whole body, with a Content-Length; objects are sent as JSON. */
  body?: string | Buffer | object;
  /** A body in HTTP chunks, each one a chunk of its own on the wire. */
  chunks?: readonly (string | Buffer)[];
  /** Cuts `chunks` anew: this many bytes in every HTTP chunk. */
  splitEvery?: number;
  /** Cuts `chunks` anew: one cut, behind this many bytes. */
  splitAt?: number;
  /** Before the status line. */
  delayMs?: number;
  /** Between two chunks. */
  chunkDelayMs?: number;
  /**
   * What follows the last byte: a proper end; a TCP reset; the end of the connection without the end of the body; nothing, for ever.
   * With `body`, "reset" and "truncate" announce one byte more than they send.
   */
  ending?: 'end' | 'reset' | 'truncate' | 'hang';
  /** No HTTP answer at all. */
  silent?: 'reset' | 'close' | 'hang';
  /** Written to the socket as it is, instead of an HTTP answer; then the connection ends. */
  raw?: string | Buffer;
}

/** Resolves when everything is written (or the peer is gone). */
export async function writeReply(response: ServerResponse, reply: ScriptedReply): Promise<void> {
  const { socket } = response;
  if (reply.delayMs !== undefined) await pause(reply.delayMs);
  if (socket === null || response.destroyed) return;
  if (reply.raw !== undefined) return void socket.end(reply.raw);
  if (reply.silent === 'hang') return;
  if (reply.silent === 'reset') return void socket.resetAndDestroy();
  if (reply.silent === 'close') return void socket.destroy();
  if (reply.chunks === undefined) writeWhole(response, reply);
  else await writeChunks(response, reply, cut(reply.chunks, reply));
  finish(response, readEnding(reply));
}

function readEnding(reply: ScriptedReply): NonNullable<ScriptedReply['ending']> {
  return reply.ending ?? 'end';
}

function writeWhole(response: ServerResponse, reply: ScriptedReply): void {
  const { body = '' } = reply;
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const missing = readEnding(reply) === 'end' ? 0 : 1;
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json',
    ...reply.headers,
    'content-length': String(bytes.length + missing),
  } as Record<string, string>);
  response.write(bytes);
}

async function writeChunks(response: ServerResponse, reply: ScriptedReply, chunks: readonly Buffer[]): Promise<void> {
  response.writeHead(reply.status ?? 200, { 'content-type': 'text/event-stream', ...reply.headers } as Record<string, string>);
  response.flushHeaders();
  for (const [index, chunk] of chunks.entries()) {
    if (response.destroyed) return;
    if (index > 0 && reply.chunkDelayMs !== undefined) await pause(reply.chunkDelayMs);
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
}

function finish(response: ServerResponse, ending: NonNullable<ScriptedReply['ending']>): void {
  const { socket } = response;
  if (ending === 'hang' || response.destroyed || socket === null) return;
  if (ending === 'end') response.end();
  // A socket's own `end` flushes what was written and leaves the body without its last chunk.
  else if (ending === 'truncate') socket.end();
  else afterFlush(response, () => socket.resetAndDestroy());
}

/** A reset throws away what still waits in the socket: it must come after the bytes have left. */
function afterFlush(response: ServerResponse, act: () => void): void {
  const { socket } = response;
  // Called back when all that was written before it is in the kernel; 'drain' comes only after a full buffer.
  socket?.write('', () => setTimeout(act, 5));
}

function cut(chunks: readonly (string | Buffer)[], { splitEvery, splitAt }: ScriptedReply): Buffer[] {
  const buffers = chunks.map((chunk) => Buffer.from(chunk as string)).filter((chunk) => chunk.length > 0);
  if (splitEvery === undefined && splitAt === undefined) return buffers;
  const whole = Buffer.concat(buffers);
  if (splitAt !== undefined) return [whole.subarray(0, splitAt), whole.subarray(splitAt)].filter((part) => part.length > 0);
  const parts: Buffer[] = [];
  for (let at = 0; at < whole.length; at += splitEvery ?? whole.length) parts.push(whole.subarray(at, at + (splitEvery ?? whole.length)));
  return parts;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
