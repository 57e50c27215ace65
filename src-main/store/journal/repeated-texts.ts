/** Callers that put a request id into a tag must not fill the memory. */
const MAX_KNOWN = 1_000;

/** Reads JSON texts most of which have come before: the same text gives the same object, whose users may key what they know by it. */
export class RepeatedTexts<T> {
  readonly #read: (parsed: unknown) => T;
  readonly #known = new Map<string, T>();

  constructor(read: (parsed: unknown) => T) {
    this.#read = read;
  }

  /** @param start of the UTF-8 text in `bytes` */
  read(bytes: Buffer, start: number, end: number): T {
    // As a key any reading of the bytes will do, and this one is the cheapest.
    const key = bytes.toString('latin1', start, end);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const value = this.#read(JSON.parse(bytes.toString('utf8', start, end)));
    this.#known.set(key, value);
    return value;
  }
}
