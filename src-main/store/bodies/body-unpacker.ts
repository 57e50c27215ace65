import { type BodyKind, readBodyKind } from '../codes.ts';
import { type BodyPacket, NUMBERS_PER_CHUNK } from './body-packets.ts';

/** Body as the thread has it again. */
export interface ArrivedBody {
  readonly callId: number;
  readonly kind: BodyKind;
  readonly length: number;
  /** A view of it, made each time. */
  readonly bytes: Buffer;
  /** It is not used any more, nor any view of it. */
  release(): void;
}

/** Memory that bodies share, in use from the beginning; freed when everybody has released it. Waiting for the garbage collector costs tens of megabytes, and makes it collect more often. */
class PacketMemory {
  readonly buffer: ArrayBuffer;
  #users = 1;

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
  }

  use(): void {
    this.#users++;
  }

  release(): void {
    this.#users--;
    if (this.#users === 0) this.buffer.transfer(0);
  }
}

/** Where a body lies. Buffers of bodies that wait for their batch would outlive V8's young generation. */
class PackedBody implements ArrivedBody {
  readonly callId: number;
  readonly kind: BodyKind;
  readonly length: number;
  readonly #memory: PacketMemory;
  readonly #start: number;

  constructor(callId: number, kind: BodyKind, memory: PacketMemory, start: number, length: number) {
    this.callId = callId;
    this.kind = kind;
    this.length = length;
    this.#memory = memory;
    this.#start = start;
  }

  get bytes(): Buffer {
    return Buffer.from(this.#memory.buffer, this.#start, this.length);
  }

  release(): void {
    this.#memory.release();
  }
}

/** Puts bodies together again, in the order they were packed. Gives those that are complete; an unfinished one is kept for the next packet. */
export class BodyUnpacker {
  /** What has come of a body of which more is to come. */
  #unfinished: { bytes: Uint8Array; memory: PacketMemory }[] = [];

  unpack(packet: BodyPacket): ArrivedBody[] {
    const memory = new PacketMemory(packet.bytes.buffer);
    const bodies: ArrivedBody[] = [];
    let at = packet.bytes.byteOffset;
    for (let i = 0; i < packet.chunks.length; i += NUMBERS_PER_CHUNK) {
      const length = packet.chunks[i + 2] ?? 0;
      const start = at;
      at += length;
      const isLast = packet.chunks[i + 3] === 0;
      if (!isLast || this.#unfinished.length > 0) this.#keep(memory, start, length);
      if (!isLast) continue;
      const kind = readBodyKind(packet.chunks[i + 1] ?? 0);
      const callId = packet.chunks[i] ?? 0;
      const whole = this.#unfinished.length > 0 ? this.#join() : null;
      if (kind === null) continue;
      if (whole === null) {
        memory.use();
        bodies.push(new PackedBody(callId, kind, memory, start, length));
      } else bodies.push(new PackedBody(callId, kind, new PacketMemory(whole), 0, whole.byteLength));
    }
    memory.release();
    return bodies;
  }

  #keep(memory: PacketMemory, start: number, length: number): void {
    memory.use();
    this.#unfinished.push({ bytes: new Uint8Array(memory.buffer, start, length), memory });
  }

  #join(): ArrayBuffer {
    const whole = new Uint8Array(this.#unfinished.reduce((sum, { bytes }) => sum + bytes.length, 0));
    let at = 0;
    for (const { bytes, memory } of this.#unfinished) {
      whole.set(bytes, at);
      at += bytes.length;
      memory.release();
    }
    this.#unfinished = [];
    return whole.buffer;
  }
}
