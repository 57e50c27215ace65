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

/** Name as written → the name it crosses by, "" = it does not. The same few come with every call. */
const upstreamNames = new Map<string, string>();
const callerNames = new Map<string, string>();
const maxNames = 500;

function nameUpstream(written: string): string {
  const name = written.toLowerCase();
  return neverUpstream.has(name) || neverUpstreamPrefixes.some((prefix) => name.startsWith(prefix)) ? '' : name;
}

/** `access-control-*` of the provider would open us to web pages. */
function nameToCaller(written: string): string {
  const name = written.toLowerCase();
  return neverToCaller.has(name) || name.startsWith('access-control-') ? '' : name;
}

function selectHeaders(headers: readonly string[], names: Map<string, string>, nameOf: (written: string) => string): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const written = headers[i] ?? '';
    let name = names.get(written);
    if (name === undefined) {
      name = nameOf(written);
      if (names.size >= maxNames) names.clear();
      names.set(written, name);
    }
    if (name !== '') out.push(name, headers[i + 1] ?? '');
  }
  return out;
}

/** Flat name/value list for the provider: the caller's headers less those that must not cross. Same-dialect calls only. */
export function selectRequestHeaders(rawHeaders: readonly string[]): string[] {
  const selected = selectHeaders(rawHeaders, upstreamNames, nameUpstream);
  const named = readConnectionNames(rawHeaders);
  if (named === null) return selected;
  return selected.filter((_, index) => !named.has(selected[index - (index % 2)] ?? ''));
}

/** Flat name/value list for the caller. */
export function selectReplyHeaders(headers: readonly string[]): string[] {
  return selectHeaders(headers, callerNames, nameToCaller);
}

/** Headers that tell a caller when to try again and how much is left; also sent where the rest of the reply is translated. */
const retryHeaders = /^(retry-after|retry-after-ms|x-should-retry|x-ratelimit-.*|anthropic-ratelimit-.*)$/;

export function selectRetryHeaders(headers: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    if (retryHeaders.test(name)) out.push(name, headers[i + 1] ?? '');
  }
  return out;
}

/** Value of one header of a flat list; null when absent. */
export function readHeader(headers: readonly string[], wanted: string): string | null {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length === wanted.length && (name === wanted || name.toLowerCase() === wanted)) return headers[i + 1] ?? null;
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
