/**
 * Process: OpenAI chat, Anthropic messages and Gemini generateContent on one port of 127.0.0.1. Raw sockets and prebuilt
 * bytes (some 10 µs of CPU a small request), so that it is never what limits. `PUT /__settings` with ReplySettings says how
 * the replies that follow are made. Prints {"event":"listening","url"} when ready.
 */
import { createServer, type Socket } from 'node:net';
import { readSharedClockUs } from '../load/stream-readers.ts';
import { defaultReplies, type PrebuiltReplies, prebuildReplies, type ReplySettings, renderJsonReply, words } from './prebuilt-replies.ts';
import type { FormatName } from './reply-formats.ts';
import { createRequestReader, type MockRequest } from './request-reader.ts';

/** Chunks without pause are written in turns of this many, so that streams share the loop. */
const CHUNKS_PER_TURN = 8;

let settings: ReplySettings = defaultReplies;
let prebuilt = prebuildAll();

function prebuildAll(): Record<FormatName, PrebuiltReplies> {
  return {
    openai: prebuildReplies('openai', settings),
    anthropic: prebuildReplies('anthropic', settings),
    gemini: prebuildReplies('gemini', settings),
  };
}

function answer(socket: Socket, request: MockRequest): void {
  if (request.path === '/__settings') {
    settings = { ...defaultReplies, ...(JSON.parse(request.body()) as Partial<ReplySettings>) };
    prebuilt = prebuildAll();
    socket.write(renderJsonReply({ ok: true }));
    return;
  }
  const format = readFormat(request.path);
  const asksForStream = format === 'gemini' ? request.path.includes('streamGenerate') : request.has('"stream":true');
  if (!asksForStream) socket.write(prebuilt[format].whole());
  else stream(socket, prebuilt[format], format !== 'openai' || request.has('"include_usage":true'));
}

function readFormat(path: string): FormatName {
  if (path.includes('enerateContent')) return 'gemini';
  return path.includes('/messages') ? 'anthropic' : 'openai';
}

function stream(socket: Socket, replies: PrebuiltReplies, usage: boolean): void {
  const { chunks, delayMs, stamp } = settings;
  let sent = 0;
  socket.write(replies.streamHead);
  const sendOne = (): boolean => {
    const at = sent++ % words.length;
    if (stamp) return socket.write(replies.renderDelta(`${words[at]}@${readSharedClockUs().toString(36)}~`));
    return socket.write(replies.deltas[at] ?? '');
  };
  const close = (): void => {
    if (!socket.destroyed) socket.write(replies.renderClose(usage));
  };
  if (delayMs > 0) {
    const timer = setInterval(() => {
      if (sent < chunks && !socket.destroyed) sendOne();
      else {
        clearInterval(timer);
        close();
      }
    }, delayMs);
    return;
  }
  const pump = (): void => {
    for (let turn = 0; turn < CHUNKS_PER_TURN && sent < chunks; turn++) {
      if (!sendOne()) return void socket.once('drain', pump);
    }
    if (sent < chunks && !socket.destroyed) setImmediate(pump);
    else close();
  };
  pump();
}

const server = createServer({ noDelay: true, highWaterMark: 256 * 1024 }, (socket) => {
  socket.on('error', () => {});
  socket.on(
    'data',
    createRequestReader((request) => answer(socket, request)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${port}` }));
});
