import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import type { JsonObject } from './json-value.ts';
import { readJson, readObject, readText } from './json-value.ts';

/**
 * Reads `{"error":{message,type,code,param}}`, the flat shapes of servers that imitate it (`error` as text with a `code`
 * beside it, `detail`, `message`), or plain text.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const outer = readObject(typeof body === 'string' ? readJson(body) : body);
  const error = readObject(outer?.['error']) ?? {
    ...outer,
    message: readText(outer?.['error']) ?? outer?.['message'] ?? outer?.['detail'],
  };
  const text = typeof body === 'string' && outer === null ? body.trim().slice(0, 1000) : '';
  const fallback = text || `The provider answered with HTTP ${status} and no error message.`;
  return toFault(status, error, readText(error['message']) ?? fallback);
}

/** The flat `error` event, or the `error` of a failed response, of a stream that began with 200. */
export function parseStreamError(value: unknown): UpstreamFault {
  const event = readObject(value);
  const error = readObject(event?.['error']) ?? event ?? {};
  const kind = kindOfCode.get(readText(error['code']) ?? '') ?? 'server';
  return toFault(statusOfKind[kind], error, readText(error['message']) ?? 'The provider ended the stream with an error.');
}

function toFault(status: number, error: JsonObject, message: string): UpstreamFault {
  const code = error['code'] === undefined || error['code'] === null ? null : String(error['code']);
  const providerType = error['type'] === 'error' ? null : readText(error['type']);
  return {
    status,
    kind: resolveKind(status, code, providerType, message),
    message,
    providerType,
    providerCode: code,
    param: readText(error['param']),
    retryAfterMs: readRetryDelay(message),
  };
}

const kindOfCode: ReadonlyMap<string, UpstreamFaultKind> = new Map<string, UpstreamFaultKind>([
  ['context_length_exceeded', 'context-length'],
  ['insufficient_quota', 'quota'],
  ['usage_not_included', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['rate_limit_exceeded', 'rate-limit'],
  ['invalid_api_key', 'authentication'],
  ['model_not_found', 'not-found'],
  ['content_filter', 'content-filter'],
  ['bio_policy', 'content-filter'],
  ['misalignment_policy_violation', 'content-filter'],
  ['image_content_policy_violation', 'content-filter'],
  ['data_residency_mismatch', 'permission'],
  ['vector_store_timeout', 'timeout'],
  ['server_is_overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['overloaded', 'overloaded'],
  ['server_error', 'server'],
  ...['invalid_prompt', 'invalid_image', 'invalid_image_format', 'invalid_base64_image', 'invalid_image_url', 'image_too_large'].map(
    (code): [string, UpstreamFaultKind] => [code, 'invalid-request'],
  ),
]);

const kindOfStatus: Readonly<Record<number, UpstreamFaultKind>> = {
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

const statusOfKind: Readonly<Record<UpstreamFaultKind, number>> = {
  'invalid-request': 400,
  'context-length': 400,
  'content-filter': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'too-large': 413,
  quota: 429,
  'rate-limit': 429,
  server: 500,
  overloaded: 503,
  timeout: 504,
};

/** Codes first, since vendors give an empty account 403 or 429 and a wrong key 400. */
function resolveKind(status: number, code: string | null, type: string | null, message: string): UpstreamFaultKind {
  const told = kindOfCode.get(code ?? '') ?? kindOfCode.get(type ?? '');
  if (told !== undefined && told !== 'server') return told;
  if (/incorrect api key|invalid api key/i.test(message)) return 'authentication';
  if (status === 400 && /context (length|window)|maximum prompt length|prompt is too long/i.test(message)) return 'context-length';
  if (status === 429 && /exceeded your current quota|used all available credits/i.test(message)) return 'quota';
  return kindOfStatus[status] ?? (status >= 500 ? 'server' : 'invalid-request');
}

/** "Please try again in 11.05s", "… in 340ms", "… in 1m30s". */
function readRetryDelay(message: string): number | null {
  const match = /try again in (?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s))?/i.exec(message);
  if (match === null || (match[1] === undefined && match[2] === undefined)) return null;
  const rest = Number(match[2] ?? 0) * (match[3]?.toLowerCase() === 'ms' ? 1 : 1000);
  return Math.ceil(Number(match[1] ?? 0) * 60_000 + rest);
}
