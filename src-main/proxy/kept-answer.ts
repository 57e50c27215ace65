/** Facts stand at the beginning of an answer (ids, Anthropic's input tokens) and at its end (everybody's totals). */
const headBytes = 64 * 1024;
const tailBytes = 256 * 1024;
/** Ends the event that the gap cut in two. */
const gap = Buffer.from('\n\n');

/** As much as the ledger would take of a body. */
export const recordedBytes = 64 * 1024 * 1024;
/** Enough for the facts alone. */
export const factsBytes = 1024 * 1024;

/** Smaller chunks are copied together: thousands of small buffers that live as long as their call cost the collector a walk through the whole heap. */
const copiedBytes = 4 * 1024;
const firstBlockBytes = 4 * 1024;
const greatestBlockBytes = 64 * 1024;

/** The bytes of an answer while its call lasts: all of them up to a bound, of a longer one its beginning and its end. */
export class KeptAnswer {
  isWhole = true;
  #closed: Buffer[] = [];
  /** Where small chunks are copied to, and how much of it is used. */
  #block: Buffer | null = null;
  #used = 0;
  #bytes = 0;
  #maxBytes: number;

  /** @param maxBytes `recordedBytes` or `factsBytes` */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** In order, not as they came. */
  get chunks(): readonly Buffer[] {
    return this.#block === null || this.#used === 0 ? this.#closed : [...this.#closed, this.#block.subarray(0, this.#used)];
  }

  push(chunk: Buffer): void {
    // The first may be all there is.
    if (chunk.length >= copiedBytes || this.#bytes === 0) this.#keep(chunk);
    else this.#copy(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#dropMiddle();
  }

  /** Lets go of it all; gives the whole answer, or null where the bound was passed. */
  release(): readonly Buffer[] | null {
    const chunks = this.isWhole ? this.chunks : null;
    this.#reset([]);
    return chunks;
  }

  #keep(chunk: Buffer): void {
    this.#closeBlock();
    this.#closed.push(chunk);
  }

  #copy(chunk: Buffer): void {
    if (this.#block === null || this.#block.length - this.#used < chunk.length) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(Math.min(Math.max(firstBlockBytes, this.#bytes), greatestBlockBytes));
    }
    this.#block.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  /** What is in the block stands in the order of the chunks from now on; the rest of it can still be filled. */
  #closeBlock(): void {
    if (this.#block === null || this.#used === 0) return;
    this.#closed.push(this.#block.subarray(0, this.#used));
    this.#block = this.#block.subarray(this.#used);
    this.#used = 0;
  }

  #reset(chunks: Buffer[]): void {
    this.#closed = chunks;
    this.#block = null;
    this.#used = 0;
  }

  #dropMiddle(): void {
    const { chunks } = this;
    const head = this.isWhole ? [Buffer.concat(chunks, headBytes), gap] : chunks.slice(0, 2);
    let first = chunks.length;
    let kept = 0;
    while (first > 0 && kept < tailBytes) kept += chunks[--first]?.length ?? 0;
    this.#reset([...head, ...chunks.slice(first)]);
    this.isWhole = false;
    this.#bytes = headBytes + gap.length + kept;
    this.#maxBytes = this.#bytes + 4 * tailBytes;
  }
}
