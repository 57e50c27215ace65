import { describe, expect, test } from 'vitest';
import { resolveCapabilities } from '../../../src-main/dialects/anthropic-messages/capabilities.ts';

describe('resolveCapabilities', () => {
  test.each([
    ['claude-fable-5', ['adaptive'], true, 128_000],
    ['claude-fable-5-2', ['adaptive'], true, 128_000],
    ['claude-mythos-5-1', ['adaptive'], true, 128_000],
    ['claude-opus-5-5', ['adaptive'], true, 128_000],
    ['claude-sonnet-5-5', ['adaptive', 'between_tools'], true, 128_000],
    ['claude-haiku-5-5', ['adaptive', 'disabled'], true, 128_000],
    ['claude-opus-5', ['adaptive', 'disabled'], true, 128_000],
    ['claude-opus-5-20260115', ['adaptive', 'disabled'], true, 128_000],
    ['claude-sonnet-5', ['adaptive', 'disabled'], true, 128_000],
    ['claude-opus-4-8', ['adaptive', 'disabled'], false, 128_000],
    ['claude-opus-4-7', ['adaptive', 'disabled'], false, 128_000],
    ['claude-opus-4-6', ['adaptive', 'enabled', 'disabled'], false, 128_000],
    ['anthropic/claude-sonnet-4.6', ['adaptive', 'enabled', 'disabled'], false, 128_000],
    ['Claude-Haiku-4-5-20251001', ['enabled', 'disabled'], false, 64_000],
    ['claude-sonnet-4-20250514', ['enabled', 'disabled'], false, 64_000],
    ['claude-opus-4-1-20250805', ['enabled', 'disabled'], false, 32_000],
    ['claude-3-7-sonnet-20250219', ['enabled', 'disabled'], false, 64_000],
    ['anthropic/claude-3.5-sonnet', [], false, 8192],
    ['claude-3-haiku-20240307', [], false, 4096],
    ['claude-opus-6', ['adaptive'], true, 128_000],
    ['claude-opus-5-6', ['adaptive'], true, 128_000],
    ['claude-next', ['adaptive'], true, 128_000],
    ['kimi-k3', [], false, 128_000],
  ])('%s thinks as %j, by default: %s, up to %i tokens', (model, thinkingTypes, thinksByDefault, maxOutputTokens) => {
    expect(resolveCapabilities(model)).toMatchObject({ thinkingTypes, thinksByDefault, maxOutputTokens });
  });

  test('an id we do not know uses only what the newest models accept', () => {
    expect(resolveCapabilities('claude-opus-6-1')).toMatchObject({
      sampling: 'none',
      forcedToolChoice: 'never',
      prefill: false,
      systemInMessages: false,
      structuredOutputs: true,
    });
  });
});
