/** Facts stand at the beginning of an answer (ids, Anthropic's input tokens) and at its end (everybody's totals). */
const headBytes = 64 * 1024;
const tailBytes = 256 * 1024;
/** Ends the event that the gap cut in two. */
const gap = Buffer.from('\n\n');

/** As much as the ledger would take of a body. */
export const recordedBytes = 64 * 1024 * 1024;
/** Enough for the facts alone. */
export const factsBytes = 1024 * 1024;

/** The bytes of an answer while its call lasts: all of them up to a bound, of a longer one its beginning and its end. */
export class KeptAnswer {
  chunks: Buffer[] = [];
  isWhole = true;
  #bytes = 0;
  #maxBytes: number;

  /** @param maxBytes `recordedBytes` or `factsBytes` */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#dropMiddle();
  }

  /** Lets go of it all; gives the whole answer, or null where the bound was passed. */
  release(): readonly Buffer[] | null {
    const chunks = this.isWhole ? this.chunks : null;
    this.chunks = [];
    return chunks;
  }

  #dropMiddle(): void {
    const head = this.isWhole ? [Buffer.concat(this.chunks, headBytes), gap] : this.chunks.slice(0, 2);
    let first = this.chunks.length;
    let kept = 0;
    while (first > 0 && kept < tailBytes) kept += this.chunks[--first]?.length ?? 0;
    this.chunks.splice(0, first, ...head);
    this.isWhole = false;
    this.#bytes = headBytes + gap.length + kept;
    this.#maxBytes = this.#bytes + 4 * tailBytes;
  }
}
