import { describe, expect, it } from 'vitest';
import { isSecretHeader, redactUrl } from '../../src-main/secrets/secret-names.ts';

describe('isSecretHeader', () => {
  it.each([
    'authorization',
    'Proxy-Authorization',
    'X-Api-Key',
    'api-key',
    'x-goog-api-key',
    'anthropic-api-key',
    'openai-api-key',
    'Cookie',
    'Set-Cookie',
    'x-amz-security-token',
    'x-auth-token',
    'ocp-apim-subscription-key',
    'X-Provider-Api-Key',
    'x_api_key',
    'Helicone-Auth',
    'cf-aig-authorization',
    'my-client-secret',
  ])('%s', (name) => {
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each(['content-type', 'anthropic-version', 'x-tags', 'user-agent', 'x-monkey', 'tokens-used', 'x-ratelimit-remaining-tokens'])(
    'not %s',
    (name) => {
      expect(isSecretHeader(name)).toBe(false);
    },
  );
});

describe('redactUrl', () => {
  it.each([
    ['/v1beta/models?key=AIzaSecret&alt=sse', '/v1beta/models?key=[redacted]&alt=sse'],
    ['https://user:pa@host/x?y=1', 'https://[redacted]@host/x?y=1'],
    ['https://h/x?API_KEY=a&b=c#access_token=d', 'https://h/x?API_KEY=[redacted]&b=c#access_token=[redacted]'],
    ['https://h/x?X-Amz-Signature=a&X-Amz-Date=b', 'https://h/x?X-Amz-Signature=[redacted]&X-Amz-Date=[redacted]'],
    ['/x?%6bey=a&sig=b&token=c=d', '/x?%6bey=[redacted]&sig=[redacted]&token=[redacted]'],
    ['/x?client_token=a&monkey=b&k', '/x?client_token=[redacted]&monkey=b&k'],
    ['/key=path/x?%zz=1', '/key=path/x?%zz=1'],
    ['/nothing?model=gpt-4o%20x&', '/nothing?model=gpt-4o%20x&'],
  ])('%s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  it('C8: takes linear time', () => {
    for (const url of ['?'.repeat(1_000_000), `/x?${'a'.repeat(1_000_000)}`, `a://${'b'.repeat(1_000_000)}`, '&key='.repeat(200_000)]) {
      const startedAt = performance.now();
      redactUrl(url);
      // Quadratic time would be minutes.
      expect(performance.now() - startedAt).toBeLessThan(500);
    }
  });
});
