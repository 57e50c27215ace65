/** Writes unsigned integers up to 2^53 in 7-bit groups, lowest first, and raw bytes, into a buffer that grows. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  writeVarint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Signed: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 … */
  writeSigned(value: number): void {
    this.writeVarint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  writeBytes(bytes: Buffer): void {
    this.#reserve(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** A copy of what was written since the last take. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads what ByteWriter wrote. @throws RangeError past the end */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  readVarint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('layout is cut');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  readSigned(): number {
    const value = this.readVarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  readBytes(count: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    if (bytes.length < count) throw new RangeError('layout is cut');
    this.#at += count;
    return bytes;
  }
}
