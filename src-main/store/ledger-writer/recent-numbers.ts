/** Slots of a generation, a power of two; with 40,000 numbers in them a search looks at 4. */
const SLOTS = 65_536;
const EMPTY = -1;

/**
 * A bounded map of whole numbers, none of them negative, that forgets what was set longest ago. Two generations, of which
 * the older one is dropped as a whole. 2 MB: a `Map` of as many would be ten, all of it to be marked by each collection.
 */
export class RecentNumbers {
  /** How many are remembered at least; at most twice as many. */
  static readonly LEAST = 40_000;
  #young = createGeneration();
  #old = createGeneration();

  /** @param key good bits of a hash in its low half */
  get(key: number): number | undefined {
    return find(this.#young, key) ?? find(this.#old, key);
  }

  set(key: number, value: number): void {
    if (this.#young.count >= RecentNumbers.LEAST) this.#turn();
    put(this.#young, key, value);
  }

  #turn(): void {
    const fresh = this.#old;
    fresh.keys.fill(EMPTY);
    fresh.count = 0;
    this.#old = this.#young;
    this.#young = fresh;
  }
}

interface Generation {
  keys: Float64Array;
  values: Float64Array;
  count: number;
}

function createGeneration(): Generation {
  return { keys: new Float64Array(SLOTS).fill(EMPTY), values: new Float64Array(SLOTS), count: 0 };
}

function find({ keys, values }: Generation, key: number): number | undefined {
  const slot = slotOf(keys, key);
  return keys[slot] === key ? values[slot] : undefined;
}

function put(generation: Generation, key: number, value: number): void {
  const { keys, values } = generation;
  const slot = slotOf(keys, key);
  if (keys[slot] === EMPTY) generation.count++;
  keys[slot] = key;
  values[slot] = value;
}

/** The key's slot, or the one it would take. */
function slotOf(keys: Float64Array, key: number): number {
  let slot = key & (SLOTS - 1);
  while (keys[slot] !== key && keys[slot] !== EMPTY) slot = (slot + 1) & (SLOTS - 1);
  return slot;
}
