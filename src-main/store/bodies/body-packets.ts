import { type BodyKind, bodyKinds } from '../codes.ts';

export const NUMBERS_PER_CHUNK = 4;

/** Bodies on their way to the writer thread: some of the bytes of some of them, in a buffer that is transferred. */
export interface BodyPacket {
  /** `NUMBERS_PER_CHUNK` a chunk: call id, kind, bytes in this packet, bytes still to come of this body. */
  chunks: Float64Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  /** How many bodies end in this packet. */
  completed: number;
  /** It is the memory of one big body itself. */
  isGiven: boolean;
}

interface WaitingBody {
  callId: number;
  kind: BodyKind;
  /** In order; must not change until they are packed. One that has its memory to itself is given away with it. */
  buffers: readonly Buffer[];
  length: number;
}

/** From this size on it is cheaper to give the memory away than to copy what is in it. */
const MIN_GIVEN_BYTES = 64 * 1024;

/**
 * Packs bodies. Small ones are copied as they come, so that nothing of a call outlives it on the request loop's heap; big
 * ones wait and are copied in several turns of the loop, or not at all.
 */
export class BodyPacker {
  readonly #buffer: Buffer;
  /** Of what is in the buffer. */
  #used = 0;
  #chunks: number[] = [];
  #completed = 0;
  readonly #waiting: WaitingBody[] = [];
  /** Bytes of the first waiting body that are packed already. */
  #packedOfFirst = 0;
  /** Added and not yet in a packet that was taken. */
  waitingBytes = 0;

  /** @param packetBytes most bytes copied into one packet */
  constructor(packetBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(packetBytes);
  }

  /** Whether there is more than one packet takes. */
  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  add(body: WaitingBody): void {
    this.waitingBytes += body.length;
    if (this.#waiting.length > 0 || body.length > this.#buffer.length - this.#used) this.#waiting.push(body);
    else this.#copy(body, body.length);
  }

  /** The next packet; null when nothing waits. */
  pack(): BodyPacket | null {
    const given = this.#used === 0 ? this.#giveFirst() : null;
    if (given !== null) return given;
    this.#fill();
    if (this.#chunks.length === 0) return null;
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(this.#used).buffer);
    bytes.set(this.#buffer.subarray(0, this.#used));
    const packet = { chunks: Float64Array.from(this.#chunks), bytes, completed: this.#completed, isGiven: false };
    this.waitingBytes -= this.#used;
    this.#used = 0;
    this.#chunks = [];
    this.#completed = 0;
    return packet;
  }

  /** Gives up a body of which a part is in a packet that was taken. @returns whether there was one */
  dropPartial(): boolean {
    if (this.#packedOfFirst === 0) return false;
    const body = this.#waiting.shift();
    this.waitingBytes -= (body?.length ?? 0) - this.#packedOfFirst;
    this.#packedOfFirst = 0;
    return true;
  }

  #fill(): void {
    for (let body = this.#waiting[0]; body !== undefined; body = this.#waiting[0]) {
      const room = this.#buffer.length - this.#used;
      if (room === 0 && body.length > 0) return;
      if (this.#used > 0 && this.#packedOfFirst === 0 && ownMemory(body) !== null) return;
      const length = Math.min(body.length - this.#packedOfFirst, room);
      if (!this.#copy(body, length)) return;
      this.#waiting.shift();
    }
  }

  /** @returns whether the body is complete with it */
  #copy(body: WaitingBody, length: number): boolean {
    copyRange(body.buffers, this.#packedOfFirst, this.#buffer.subarray(this.#used, this.#used + length));
    this.#used += length;
    const rest = body.length - this.#packedOfFirst - length;
    this.#chunks.push(body.callId, bodyKinds[body.kind], length, rest);
    this.#packedOfFirst = rest > 0 ? this.#packedOfFirst + length : 0;
    if (rest === 0) this.#completed++;
    return rest === 0;
  }

  #giveFirst(): BodyPacket | null {
    const body = this.#waiting[0];
    const bytes = body === undefined || this.#packedOfFirst > 0 ? null : ownMemory(body);
    if (body === undefined || bytes === null) return null;
    this.#waiting.shift();
    this.waitingBytes -= body.length;
    return { chunks: Float64Array.of(body.callId, bodyKinds[body.kind], body.length, 0), bytes, completed: 1, isGiven: true };
  }
}

/** The whole of a big body's memory, when nothing else is in it. */
function ownMemory({ buffers: [buffer, ...others] }: WaitingBody): Uint8Array<ArrayBuffer> | null {
  if (buffer === undefined || others.length > 0 || buffer.length < MIN_GIVEN_BYTES) return null;
  const memory = buffer.buffer;
  return memory instanceof ArrayBuffer && memory.byteLength === buffer.length ? new Uint8Array(memory) : null;
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
