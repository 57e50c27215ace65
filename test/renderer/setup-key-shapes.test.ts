import { describe, expect, it } from 'vitest';
import { AdminError } from '../../src-renderer/api/client.ts';
import { cleanKey, recogniseVendor } from '../../src-renderer/product/recognise-vendor.ts';
import { readSaveFailure } from '../../src-renderer/product/save-failure.ts';

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

describe('why a provider was not saved', () => {
  it('says the cause without the command line’s remedy, and offers to skip the test', () => {
    const text =
      'Not saved, because the live test failed: OpenAI answered 401: no such key. To save it all the same, skip the test (--no-test).';
    expect(readSaveFailure(new AdminError(400, 'invalid_request', text, 'key'))).toEqual({
      message: 'Not saved. The test failed: OpenAI answered 401: no such key.',
      canSkipTest: true,
    });
  });

  it('offers nothing where skipping would not help', () => {
    const error = new AdminError(400, 'invalid_request', 'This does not look like a key of OpenAI.', 'key');
    expect(readSaveFailure(error)).toEqual({ message: error.message, canSkipTest: false });
  });
});
