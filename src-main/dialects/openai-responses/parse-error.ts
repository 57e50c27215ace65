import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import { badKeyWords, contextLengthWords, kindOfStatus, readWaitInWords, statusOfKind } from '../fault-signs.ts';
import { asObject, asText, type JsonObject, parseJson } from '../json-value.ts';

/**
 * Reads `{"error":{message,type,code,param}}`, the flat shapes of servers that imitate it (`error` as text with a `code`
 * beside it, `detail`, `message`), or plain text.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const outer = asObject(typeof body === 'string' ? parseJson(body) : body);
  const error = asObject(outer?.['error']) ?? {
    ...outer,
    message: asText(outer?.['error']) ?? outer?.['message'] ?? outer?.['detail'],
  };
  const text = typeof body === 'string' && outer === null ? body.trim().slice(0, 1000) : '';
  const fallback = text || `The provider answered with HTTP ${status} and no error message.`;
  return toFault(status, error, asText(error['message']) ?? fallback);
}

/** The flat `error` event, or the `error` of a failed response, of a stream that began with 200. */
export function parseStreamError(value: unknown): UpstreamFault {
  const event = asObject(value);
  const error = asObject(event?.['error']) ?? event ?? {};
  const kind = kindOfCode.get(asText(error['code']) ?? '') ?? 'server';
  return toFault(statusOfKind[kind], error, asText(error['message']) ?? 'The provider ended the stream with an error.');
}

function toFault(status: number, error: JsonObject, message: string): UpstreamFault {
  const code = error['code'] === undefined || error['code'] === null ? null : String(error['code']);
  const providerType = error['type'] === 'error' ? null : asText(error['type']);
  return {
    status,
    kind: resolveKind(status, code, providerType, message),
    message,
    providerType,
    providerCode: code,
    param: asText(error['param']),
    retryAfterMs: readWaitInWords(message),
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

/** Codes first, since vendors give an empty account 403 or 429 and a wrong key 400. */
function resolveKind(status: number, code: string | null, type: string | null, message: string): UpstreamFaultKind {
  const told = kindOfCode.get(code ?? '') ?? kindOfCode.get(type ?? '');
  if (told !== undefined && told !== 'server') return told;
  if (badKeyWords.test(message)) return 'authentication';
  if (status === 400 && contextLengthWords.test(message)) return 'context-length';
  if (status === 429 && /exceeded your current quota|used all available credits/i.test(message)) return 'quota';
  return kindOfStatus(status);
}
