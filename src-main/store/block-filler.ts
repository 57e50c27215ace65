import { MAX_BLOCK_BYTES, type PackedBlock } from './blocks.ts';
import type { Sqlite, Statement } from './database.ts';

/** Where some bytes lie. */
export interface BlockRange {
  block: number;
  offset: number;
  length: number;
}

/** Collects bytes into blocks, which are packed and written as a whole. Works inside the caller's transaction. */
export class BlockFiller {
  readonly #nextId: () => number;
  readonly #pack: (raw: Buffer) => PackedBlock;
  readonly #insert: Statement;
  #raw = Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
  #used = 0;
  #id: number | null = null;

  /** @param nextId gives out block ids */
  constructor(db: Sqlite, nextId: () => number, pack: (raw: Buffer) => PackedBlock) {
    this.#nextId = nextId;
    this.#pack = pack;
    this.#insert = db.prepare('INSERT INTO blocks (id, kind, raw_bytes, data) VALUES (?, ?, ?, ?)');
  }

  /** What will be the block; to be written to only where `reserve` says. */
  get memory(): Buffer {
    return this.#raw;
  }

  add(bytes: Buffer): BlockRange {
    const range = this.reserve(bytes.length);
    bytes.copy(this.#raw, range.offset);
    return range;
  }

  /** Writes bytes as a block by themselves. */
  addAlone(bytes: Buffer): BlockRange {
    this.write();
    const block = this.#nextId();
    this.#writeBlock(block, bytes);
    return { block, offset: 0, length: bytes.length };
  }

  /** Room in `memory`. More than a block holds makes a bigger block. */
  reserve(length: number): BlockRange {
    if (this.#used + length > MAX_BLOCK_BYTES) this.write();
    if (length > this.#raw.length) this.#raw = Buffer.allocUnsafeSlow(length);
    this.#id ??= this.#nextId();
    const range = { block: this.#id, offset: this.#used, length };
    this.#used += length;
    return range;
  }

  /** Before the transaction's commit. */
  write(): void {
    if (this.#id !== null) this.#writeBlock(this.#id, this.#raw.subarray(0, this.#used));
    this.forget();
  }

  forget(): void {
    this.#used = 0;
    this.#id = null;
    // One huge detail must not keep its memory for good.
    if (this.#raw.length > MAX_BLOCK_BYTES) this.#raw = Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
  }

  #writeBlock(id: number, bytes: Buffer): void {
    const { kind, data } = this.#pack(bytes);
    this.#insert.run(id, kind, bytes.length, data);
  }
}
