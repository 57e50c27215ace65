import { type BodyKind, bodyKinds, readBodyKind } from '../codes.ts';

/** Bodies on their way to the writer thread: some of the bytes of some of them, in a buffer that is transferred. */
export interface BodyPacket {
  /** Four numbers a chunk: call id, kind, bytes in this packet, bytes still to come of this body. */
  chunks: Float64Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  /** How many bodies end in this packet. */
  completed: number;
}

interface WaitingBody {
  callId: number;
  kind: BodyKind;
  /** In order; must not change until they are packed. */
  buffers: readonly Buffer[];
  length: number;
}

/** Body as the thread has it again. */
export interface ArrivedBody {
  callId: number;
  kind: BodyKind;
  bytes: Buffer;
}

const NUMBERS_PER_CHUNK = 4;

/**
 * Packs waiting bodies, at most `maxBytes` at once: the copy is made on the request loop, and a huge body is copied in
 * several turns of it.
 */
export class BodyPacker {
  readonly #waiting: WaitingBody[] = [];
  /** Bytes of the first waiting body that are packed already. */
  #packedOfFirst = 0;
  waitingBytes = 0;

  add(body: WaitingBody): void {
    this.#waiting.push(body);
    this.waitingBytes += body.length;
  }

  /** The next packet; null when nothing waits. */
  pack(maxBytes: number): BodyPacket | null {
    if (this.#waiting.length === 0) return null;
    const bytes = new Uint8Array(Math.min(maxBytes, this.waitingBytes));
    const chunks: number[] = [];
    let at = 0;
    let done = 0;
    for (const body of this.#waiting) {
      const length = Math.min(body.length - this.#packedOfFirst, bytes.length - at);
      copyRange(body.buffers, this.#packedOfFirst, bytes.subarray(at, at + length));
      at += length;
      const rest = body.length - this.#packedOfFirst - length;
      chunks.push(body.callId, bodyKinds[body.kind], length, rest);
      this.#packedOfFirst = rest > 0 ? this.#packedOfFirst + length : 0;
      if (rest > 0) break;
      done++;
    }
    this.#waiting.splice(0, done);
    this.waitingBytes -= bytes.length;
    return { chunks: Float64Array.from(chunks), bytes, completed: done };
  }

  /** Gives up a body of which a part is packed already. @returns whether there was one */
  dropPartial(): boolean {
    if (this.#packedOfFirst === 0) return false;
    const body = this.#waiting.shift();
    this.waitingBytes -= (body?.length ?? 0) - this.#packedOfFirst;
    this.#packedOfFirst = 0;
    return true;
  }
}

/** Puts bodies together again, in the order they were packed. Gives those that are complete; an unfinished one is kept for the next packet. */
export class BodyUnpacker {
  #unfinished: Buffer[] = [];

  unpack(packet: BodyPacket): ArrivedBody[] {
    const bodies: ArrivedBody[] = [];
    let at = 0;
    for (let i = 0; i < packet.chunks.length; i += NUMBERS_PER_CHUNK) {
      const [callId = 0, kindCode = 0, length = 0, rest = 0] = packet.chunks.subarray(i, i + NUMBERS_PER_CHUNK);
      const chunk = Buffer.from(packet.bytes.buffer, packet.bytes.byteOffset + at, length);
      at += length;
      this.#unfinished.push(chunk);
      if (rest > 0) continue;
      const kind = readBodyKind(kindCode);
      if (kind !== null) bodies.push({ callId, kind, bytes: this.#unfinished.length === 1 ? chunk : Buffer.concat(this.#unfinished) });
      this.#unfinished = [];
    }
    return bodies;
  }
}

/** Copies `target.length` bytes from position `from` of the buffers taken together. */
function copyRange(buffers: readonly Buffer[], from: number, target: Uint8Array): void {
  let skip = from;
  let at = 0;
  for (const buffer of buffers) {
    if (at === target.length) return;
    if (skip >= buffer.length) {
      skip -= buffer.length;
      continue;
    }
    at += buffer.copy(target, at, skip, skip + target.length - at);
    skip = 0;
  }
}
