import { describe, expect, it } from 'vitest';
import { readHeader, selectReplyHeaders, selectRequestHeaders, selectRetryHeaders } from '../../src-main/proxy/forward-headers.ts';

describe('headers towards the provider', () => {
  it('keep what is the caller’s and the vendor’s, in order and with repeats', () => {
    const sent = [
      'Content-Type',
      'application/json',
      'anthropic-beta',
      'a',
      'Anthropic-Beta',
      'b',
      'X-Stainless-Lang',
      'js',
      'x-app',
      'cli',
    ];
    expect(selectRequestHeaders(sent)).toEqual(sent.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text)));
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'X-Api-Key',
    'api-key',
    'X-Goog-Api-Key',
    'Cookie',
    'Origin',
    'Referer',
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Real-IP',
    'Via',
    'Sec-Fetch-Site',
    'Sec-CH-UA',
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Host',
    'Content-Length',
    'Content-Encoding',
    'Accept-Encoding',
    'X-Tags',
    'X-Conversation-Id',
    'X-Provider-Api-Key',
    'X-Provider-Base-Url',
    'X-Tollgate-Strict',
    'X-Tollgate-Hop',
    'x-litellm-api-key',
    'x-litellm-tags',
    'x-portkey-api-key',
    'x-portkey-custom-host',
    'Helicone-Auth',
    'Helicone-Target-URL',
    'Helicone-Property-Team',
    'x-bf-vk',
    'traceparent',
    'CF-Connecting-IP',
    'Access-Control-Request-Headers',
  ])('D6: %s stays here', (name) => {
    expect(selectRequestHeaders([name, 'value', 'x-app', 'cli'])).toEqual(['x-app', 'cli']);
  });

  it('D6: a header named by Connection is hop-by-hop too', () => {
    expect(selectRequestHeaders(['Connection', 'close, X-Secret', 'x-secret', 's', 'x-app', 'cli'])).toEqual(['x-app', 'cli']);
  });
});

describe('headers towards the caller', () => {
  it.each([
    'Set-Cookie',
    'Alt-Svc',
    'Clear-Site-Data',
    'Strict-Transport-Security',
    'Content-Security-Policy',
    'Access-Control-Allow-Origin',
    'Access-Control-Allow-Credentials',
    'Transfer-Encoding',
    'Connection',
    'Content-Length',
    'Server',
    'NEL',
    'Report-To',
    'CF-RAY',
  ])('D6: %s stays here', (name) => {
    expect(selectReplyHeaders([name, 'value', 'x-request-id', 'r'])).toEqual(['x-request-id', 'r']);
  });

  it('keep the hints about retries where the rest is translated', () => {
    const sent = ['Retry-After', '3', 'x-ratelimit-remaining-tokens', '0', 'anthropic-ratelimit-requests-reset', 'z', 'x-request-id', 'r'];
    expect(selectRetryHeaders(sent)).toEqual([
      'retry-after',
      '3',
      'x-ratelimit-remaining-tokens',
      '0',
      'anthropic-ratelimit-requests-reset',
      'z',
    ]);
  });
});

it('readHeader ignores case and takes the first', () => {
  expect(readHeader(['A', '1', 'X-Y', '2', 'x-y', '3'], 'x-y')).toBe('2');
  expect(readHeader(['A', 'x-y'], 'x-y')).toBeNull();
});
