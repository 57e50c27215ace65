import { describe, expect, it } from 'vitest';
import { AdminError, OfflineError } from '../../src-renderer/api/client.ts';
import { cleanKey, recogniseVendor } from '../../src-renderer/product/recognise-vendor.ts';
import { canSkipTest } from '../../src-renderer/product/save-failure.ts';

describe('the vendor of a key', () => {
  it.each([
    ['sk-ant-api03-abc', 'anthropic'],
    ['sk-or-v1-abc', 'openrouter'],
    ['sk-proj-abc', 'openai'],
    ['sk-abcdefghijklmnopqrstu', 'openai'],
    [`sk-${'0123456789abcdef'.repeat(2)}`, 'deepseek'],
    ['AIzaSyAbc', 'gemini'],
    ['AQ.Abc', 'gemini'],
    ['xai-abc', 'xai'],
    ['gsk_abc', 'groq'],
    ['whatever', null],
    ['', null],
  ])('%s', (key, vendor) => {
    expect(recogniseVendor(key)).toBe(vendor);
  });

  it('is seen through what was copied along', () => {
    expect(cleanKey('  export OPENAI_API_KEY="sk-proj-abc"\n')).toBe('sk-proj-abc');
    expect(recogniseVendor("ANTHROPIC_API_KEY='sk-ant-abc'")).toBe('anthropic');
  });
});

describe('a provider that was not saved', () => {
  it('can be saved without the test when only that failed', () => {
    const refusal = (code: string): AdminError => new AdminError(400, code, 'Not saved.', 'key');
    expect(canSkipTest(refusal('provider_test_failed'))).toBe(true);
    expect(canSkipTest(refusal('invalid_request'))).toBe(false);
    expect(canSkipTest(new OfflineError('The gateway does not answer.'))).toBe(false);
    expect(canSkipTest(null)).toBe(false);
  });
});
