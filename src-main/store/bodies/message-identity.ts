import { findStringEnd } from '../../json/scan-bytes.ts';
import { hashPiece } from './hash-piece.ts';

const TEXT_BLOCK = Buffer.from('"content":[{"type":"text","text":"');
const LIST_END = Buffer.from('}]');
const CONTENT = Buffer.from('"content":');
/** Where the content begins in messages that begin with their role. */
const HEAD_BYTES = 256;

/**
 * A hash that stays the same when a client sends a message again in its later requests. Claude Code writes the newest
 * user message as a list of one text block (to hang a cache mark on it) and the same message as a plain string later;
 * both are identified as the plain string.
 * @param message the raw element, cache marks taken out
 * @param hash its own hash
 */
export function identifyMessage(message: Buffer, hash: string): string {
  const start = message.subarray(0, HEAD_BYTES).indexOf(TEXT_BLOCK);
  if (start < 0) return hash;
  const quote = start + TEXT_BLOCK.length - 1;
  const end = findStringEnd(message, quote);
  const listEnd = end + LIST_END.length;
  if (end < 0 || !message.subarray(end, listEnd).equals(LIST_END)) return hash;
  return hashPiece(Buffer.concat([message.subarray(0, start), CONTENT, message.subarray(quote, end), message.subarray(listEnd)]));
}

/**
 * Hashes (16 bytes) of the beginnings of a conversation: the n-th stands for its first n + 1 messages. The messages'
 * own hashes are as good as random, so mixing them is enough, and an agent's request has hundreds.
 */
export function chainMessages(messages: readonly string[]): Buffer[] {
  const lanes = new Uint32Array(4);
  return messages.map((message) => {
    for (let lane = 0; lane < 4; lane++) {
      const mixed = Math.imul((lanes[lane] ?? 0) ^ readWord(message, lane * 4), 0x9e3779b1);
      lanes[lane] = (mixed ^ (mixed >>> 15)) + (lanes[(lane + 1) % 4] ?? 0);
    }
    return Buffer.from(new Uint8Array(lanes.slice().buffer));
  });
}

function readWord(hash: string, at: number): number {
  return hash.charCodeAt(at) | (hash.charCodeAt(at + 1) << 8) | (hash.charCodeAt(at + 2) << 16) | (hash.charCodeAt(at + 3) << 24);
}
