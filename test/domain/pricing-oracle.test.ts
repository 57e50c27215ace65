import { calcPrice } from '@pydantic/genai-prices';
import { expect, it } from 'vitest';
import { createPriceBook } from '../../src-main/domain/pricing/price-book.ts';
import type { BookModel } from '../../src-main/domain/pricing/price-book-data.ts';
import { callOf, november, readPriceBookFile } from './pricing-samples.ts';

const baseIds: Record<string, string> = { gemini: 'google', xai: 'x-ai', moonshot: 'moonshotai' };
const shapes = [
  { read: 0, write: 0, input: 1000, output: 500 },
  { read: 30_000, write: 2000, input: 40_000, output: 700 },
  { read: 200_000, write: 0, input: 300_000, output: 1500 },
];

/** Supplement rows differ on purpose, and media models are priced at the dearer rate. */
function isFromBase(model: BookModel): boolean {
  return model.estimate !== 'always' && model.names.length > 0 && model.prices.every((price) => price.source === undefined);
}

/** The base's own engine is a second opinion on the conversion, the tiers and the arithmetic. */
it('agrees with the engine of the price data on every model both know by name', () => {
  const data = readPriceBookFile();
  const book = createPriceBook(data, []);
  let compared = 0;
  for (const provider of data.providers) {
    for (const model of provider.models.filter(isFromBase)) {
      const name = model.names[0] ?? '';
      for (const { read, write, input, output } of shapes) {
        const usage = { inputUncached: input - read - write, inputCacheRead: read, inputCacheWrite5m: write, outputText: output };
        const embedding = model.prices.every((price) => price.rates.outputText === undefined && !price.free);
        const ours = book.priceCall(callOf(`${provider.id}/${name}`, embedding ? { ...usage, outputText: null } : usage));
        const theirs = calcPrice(
          { input_tokens: input, cache_read_tokens: read, cache_write_tokens: write, ...(embedding ? {} : { output_tokens: output }) },
          name,
          { providerId: baseIds[provider.id] ?? provider.id, timestamp: new Date(november) },
        );
        if (theirs === null) continue;
        compared++;
        const difference = Math.abs((ours.costNanoUsd ?? Number.NaN) - theirs.total_price * 1e9);
        // The base computes in floating point; a nano-dollar is our own rounding.
        expect(difference, `${provider.id}/${name}: ${ours.costNanoUsd} and ${theirs.total_price}`).toBeLessThan(1 + theirs.total_price);
      }
    }
  }
  expect(compared).toBeGreaterThan(3000);
});
