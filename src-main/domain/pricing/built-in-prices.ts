import type { BookModel } from './price-book-data.ts';

/**
 * Servers on the user's own machine: nobody bills for them, so 0 is known and not a guess. A user who wants to charge
 * for power or a rented GPU sets an override, which comes first.
 */
export const localProviders: ReadonlySet<string> = new Set(['ollama', 'lmstudio', 'llamacpp', 'vllm']);

export const localModel: BookModel = { id: '*', names: [], prices: [{ free: true, rates: {}, source: 'local, free' }] };

/** Made-up rates of the demonstration provider, so that its pages show sums; marked `demo` wherever they appear. */
export const demoModel: BookModel = {
  id: '*',
  names: [],
  prices: [
    {
      rates: {
        inputUncached: 1_000_000,
        inputCacheRead: 100_000,
        inputCacheWrite5m: 1_250_000,
        inputCacheWrite1h: 2_000_000,
        outputText: 4_000_000,
        webSearches: 10_000_000_000,
      },
      source: 'made up for the demo',
    },
  ],
};
