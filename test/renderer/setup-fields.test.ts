import { describe, expect, it } from 'vitest';
import { parsePriceOverrides } from '../../src-main/domain/pricing/parse-price-overrides.ts';
import { type PriceOverride, previewOverride } from '../../src-main/domain/pricing/price-override.ts';
import { buildKeyInput, parseTagText, renderScope } from '../../src-renderer/features/keys/read-key-fields.ts';
import { suggestId } from '../../src-renderer/features/providers/provider-state.ts';
import { parseRetention } from '../../src-renderer/features/settings/retention.ts';
import {
  buildOverride,
  checkPrice,
  emptyPrice,
  previewNanoUsd,
  putOverride,
  warnOfPrice,
} from '../../src-renderer/product/price-fields.ts';
import { readNames } from '../../src-renderer/product/read-names.ts';

const price = (rates: Partial<typeof emptyPrice.rates>, match = 'openai/gpt-5*') => ({
  ...emptyPrice,
  match,
  rates: { ...emptyPrice.rates, ...rates },
});

describe('a price of one’s own', () => {
  it.each([[{ input: '2.50', output: '10' }], [{ input: '0.075', output: '0.3', cacheRead: '0.01' }], [{ input: '10000', output: '0' }]])(
    '%o is taken by the gateway and previewed as it counts',
    (rates) => {
      const override = buildOverride(price(rates));
      expect(checkPrice(price(rates))).toEqual({});
      expect(parsePriceOverrides([override]).problems).toEqual([]);
      expect(previewNanoUsd(override)).toBe(previewOverride(override as unknown as PriceOverride).costNanoUsd);
    },
  );

  it.each(['0.0000025', '99999', '-1', '1,5', 'x'])('%s is refused here as there', (input) => {
    expect(checkPrice(price({ input })).input).toBeDefined();
    expect(parsePriceOverrides([buildOverride(price({ input }))]).problems).not.toEqual([]);
  });

  it('has no preview while one of the two prices is unknown, and none is ever 0', () => {
    expect(previewNanoUsd(buildOverride(price({ input: '1' })))).toBeNull();
  });

  it('takes the place of the one for the same models, unless that one is for a time only', () => {
    const dated = { match: 'a', input: 1, validFrom: '2026-01-01' };
    expect(putOverride([{ match: 'a', input: 1 }, dated, { match: 'b', input: 1 }], { match: 'a', input: 2 })).toEqual([
      dated,
      { match: 'b', input: 1 },
      { match: 'a', input: 2 },
    ]);
  });

  it('is warned of when it looks like a slip', () => {
    expect(warnOfPrice(price({ input: '2500', output: '9000' }))).toContain('dearer');
    expect(warnOfPrice(price({ input: '10', output: '2.5' }))).toContain('rare');
    expect(warnOfPrice(price({ input: '2.5', output: '10' }))).toBeNull();
  });
});

describe('fields of a caller key', () => {
  it('reads tags as the header has them', () => {
    expect(parseTagText('team:ml, env=ci')).toEqual({ tags: { team: 'ml', env: 'ci' } });
    expect(parseTagText('team')).toHaveProperty('problem');
  });

  it('leaves out what was left empty', () => {
    expect(buildKeyInput({ name: ' x ', tags: '', models: '', providers: [] }, {})).toEqual({ name: 'x' });
  });

  it('says a scope in words', () => {
    expect(renderScope({ models: [], providers: [] })).toBe('everything');
    expect(renderScope({ models: ['claude-*'], providers: ['anthropic'] })).toBe('claude-* at anthropic');
  });
});

describe('fields of an endpoint', () => {
  it('makes an id of a name', () => {
    expect(suggestId('Büro, Server 2!')).toBe('buro-server-2');
  });

  it('reads models once each', () => {
    expect(readNames('a, b\na')).toEqual(['a', 'b']);
  });
});

describe('retention', () => {
  it('takes decimal gigabytes', () => {
    expect(parseRetention({ bodyDays: '30', bodyGigabytes: '0.5', callDays: '365' }).retention?.bodiesMaxBytes).toBe(500_000_000);
  });

  it('says at the field what is wrong', () => {
    const { retention, problems } = parseRetention({ bodyDays: '1.5', bodyGigabytes: 'x', callDays: '' });
    expect(retention).toBeNull();
    expect(Object.keys(problems).sort()).toEqual(['bodyDays', 'bodyGigabytes', 'callDays']);
  });
});
