/** Repeatable randomness for seeded data. */
export interface Random {
  /** A whole number from 0 up to but not including `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  /** Numbers from 0 to `size - 1`, the small ones most often: the k-th with weight 1 / k^exponent. */
  zipf(size: number, exponent: number): () => number;
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  return {
    below: (end) => Math.floor(next() * end),
    chance: (probability) => next() < probability,
    zipf: (size, exponent) => {
      const sums = new Float64Array(size);
      let sum = 0;
      for (let i = 0; i < size; i++) {
        sum += 1 / (i + 1) ** exponent;
        sums[i] = sum;
      }
      return () => {
        const wanted = next() * sum;
        let low = 0;
        let high = size - 1;
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((sums[middle] ?? 0) < wanted) low = middle + 1;
          else high = middle;
        }
        return low;
      };
    },
  };
}
