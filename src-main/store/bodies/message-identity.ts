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

const HIGH_BITS = 21;

/**
 * Hashes (53 bits, an integer column's and a number's exact range) of the beginnings of a conversation: the n-th stands for
 * its first n + 1 messages. The messages' own hashes are as good as random, so mixing them is enough, and an agent's
 * request has hundreds. Two of a million conversations meet by chance once in 16,000 ledgers, and would then be shown as one.
 */
export function chainMessages(messages: readonly string[]): number[] {
  let low = 0;
  let high = 0;
  return messages.map((message) => {
    low = mix(low ^ readWord(message, 0), high ^ readWord(message, 4));
    high = mix(high ^ readWord(message, 8), low ^ readWord(message, 12));
    return (high >>> (32 - HIGH_BITS)) * 2 ** 32 + (low >>> 0);
  });
}

function mix(a: number, b: number): number {
  let mixed = Math.imul(a ^ (a >>> 16), 0x85ebca6b) + Math.imul(b ^ (b >>> 15), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function readWord(hash: string, at: number): number {
  return hash.charCodeAt(at) | (hash.charCodeAt(at + 1) << 8) | (hash.charCodeAt(at + 2) << 16) | (hash.charCodeAt(at + 3) << 24);
}
