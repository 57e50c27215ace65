/**
 * A bounded map that forgets what was not used for longest, in two generations: the older one is dropped as a whole. Deleting
 * single entries of a large Map is dear: V8 keeps their places until it makes a new table, and looking for the oldest entry
 * walks over all of them.
 */
export class RecentMap<Key, Value> {
  readonly #generation: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  /** @param least how many entries are remembered at least; at most twice as many */
  constructor(least: number) {
    this.#generation = least;
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }
}
