/**
 * Which headers cross the gateway. Towards the provider nothing passes that names the caller's credentials, its browser,
 * the network path or this gateway; towards the caller nothing that would act on its browser or belongs to one hop.
 */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'proxy-authenticate',
];

const neverUpstream = new Set([
  ...hopByHop,
  ...['host', 'content-length', 'content-encoding', 'accept-encoding', 'via', 'forwarded', 'x-real-ip', 'x-request-id'],
  ...['authorization', 'proxy-authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'x-auth-token', 'x-bf-vk'],
  ...[
    'origin',
    'referer',
    'x-tags',
    'x-conversation-id',
    'traceparent',
    'tracestate',
    'baggage',
    'x-provider-api-key',
    'x-provider-base-url',
  ],
]);

const neverUpstreamPrefixes = [
  'x-forwarded-',
  'sec-',
  'x-tollgate-',
  'x-litellm-',
  'x-portkey-',
  'helicone-',
  'cf-',
  'access-control-',
  'proxy-',
];

const neverToCaller = new Set([
  ...hopByHop,
  ...[
    'content-length',
    'cache-control',
    'set-cookie',
    'alt-svc',
    'clear-site-data',
    'strict-transport-security',
    'content-security-policy',
  ],
  ...['server', 'x-powered-by', 'via', 'nel', 'report-to', 'reporting-endpoints', 'cf-cache-status', 'cf-ray'],
  ...['x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy', 'cross-origin-opener-policy', 'x-frame-options'],
]);

/** Flat name/value list for the provider: the caller's headers less those that must not cross. Same-dialect calls only. */
export function selectRequestHeaders(rawHeaders: readonly string[]): string[] {
  const named = readConnectionNames(rawHeaders);
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (neverUpstream.has(name) || named?.has(name) === true || neverUpstreamPrefixes.some((prefix) => name.startsWith(prefix))) continue;
    out.push(name, rawHeaders[i + 1] ?? '');
  }
  return out;
}

/** Flat name/value list for the caller. `access-control-*` of the provider would open us to web pages. */
export function selectReplyHeaders(rawHeaders: readonly (string | Buffer)[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = readText(rawHeaders[i]).toLowerCase();
    if (neverToCaller.has(name) || name.startsWith('access-control-')) continue;
    out.push(name, readText(rawHeaders[i + 1]));
  }
  return out;
}

/** Headers that tell a caller when to try again and how much is left; also sent where the rest of the reply is translated. */
const retryHeaders = /^(retry-after|retry-after-ms|x-should-retry|x-ratelimit-.*|anthropic-ratelimit-.*)$/;

export function selectRetryHeaders(rawHeaders: readonly (string | Buffer)[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = readText(rawHeaders[i]).toLowerCase();
    if (retryHeaders.test(name)) out.push(name, readText(rawHeaders[i + 1]));
  }
  return out;
}

/** Headers are bytes without an encoding; as Latin-1 they come out as they went in, and as UTF-8 Node would refuse to send them. */
function readText(raw: string | Buffer | undefined): string {
  return typeof raw === 'object' ? raw.toString('latin1') : (raw ?? '');
}

/** Value of one header of a flat list; null when absent. */
export function readHeader(rawHeaders: readonly (string | Buffer)[], wanted: string): string | null {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === wanted.length && readText(name).toLowerCase() === wanted) return readText(rawHeaders[i + 1]);
  }
  return null;
}

/** Names listed in `Connection:` are hop-by-hop too (RFC 9110 §7.6.1). */
function readConnectionNames(rawHeaders: readonly string[]): Set<string> | null {
  const value = readHeader(rawHeaders, 'connection');
  if (value === null || value === 'keep-alive' || value === 'close') return null;
  return new Set(
    value
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
