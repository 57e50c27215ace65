import { findNonces, noncePlaceholder, renew } from '../traffic/nonce.ts';
import { type FormatName, type ReplyFormat, replyFormats } from './reply-formats.ts';

/** How the replies that follow are made. */
export interface ReplySettings {
  /** Pieces of text in a stream. */
  chunks: number;
  /** Between two of them; 0 = without pause. */
  delayMs: number;
  /** Writes the time of sending into each piece. */
  stamp: boolean;
}

export const defaultReplies: ReplySettings = { chunks: 20, delayMs: 0, stamp: false };

/** Everything of a reply that can be made before it is asked for, in bytes. */
export interface PrebuiltReplies {
  whole(): Buffer;
  streamHead: Buffer;
  deltas: readonly Buffer[];
  renderDelta(text: string): Buffer;
  renderClose(usage: boolean): Buffer;
}

export const words = ' the quick brown fox jumps over a lazy dog while streaming tokens from the mock model to your client and back'
  .split(' ')
  .filter((word) => word !== '')
  .map((word) => ` ${word}`);

const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n';

/** 900 bytes: pseudo-words, and letters that are others in every reply. */
const wholeText = renderText(700) + noncePlaceholder;

export function prebuildReplies(name: FormatName, settings: ReplySettings): PrebuiltReplies {
  const format: ReplyFormat = replyFormats[name];
  const whole = renderJsonReply(format.whole(wholeText));
  const nonces = findNonces(whole);
  return {
    whole: () => renew(whole, nonces),
    streamHead: Buffer.concat([Buffer.from(streamHead), ...format.open.map(renderChunk)]),
    deltas: words.map((word) => renderChunk(format.delta(word))),
    renderDelta: (text) => renderChunk(format.delta(text)),
    renderClose: (usage) => Buffer.concat([...format.close(settings.chunks, usage).map(renderChunk), Buffer.from('0\r\n\r\n')]),
  };
}

export function renderJsonReply(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function renderChunk(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function renderText(length: number): string {
  let text = ' the quick';
  let state = 17;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  while (text.length < length) {
    text += ' ';
    for (let letters = 2 + next(7); letters > 0; letters--) text += String.fromCharCode(97 + next(26));
  }
  return `${text} `;
}
