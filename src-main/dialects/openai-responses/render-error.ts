import type { ErrorCode } from '../../contract/error-codes.ts';
import type { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderedError } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';

/** OpenAI's name of our codes, where it has one: its SDKs and Codex branch on these. */
const openaiCodes: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_api_key',
  budget_exceeded: 'insufficient_quota',
  upstream_quota: 'insufficient_quota',
  rate_limited: 'rate_limit_exceeded',
  upstream_rate_limited: 'rate_limit_exceeded',
  upstream_context_length: 'context_length_exceeded',
  upstream_overloaded: 'overloaded',
};

export function renderError(error: GatewayError): RenderedError {
  // OpenAI's clients know no 402 and no 529.
  const status = error.status === 402 ? 429 : error.status === 529 ? 503 : error.status;
  const code = readCode(error);
  const type = code === 'insufficient_quota' ? code : typeOf(status);
  const param = error.param ?? error.fault?.param ?? null;
  return { status, body: { error: { message: error.message, type, param, code } } };
}

/**
 * `response.failed`, not the flat `error` event: Codex acts on `response.error.code` and takes a stream without any
 * response event at its end for a broken connection. It reads the wait out of the words "try again in 11.05s".
 * The ids and numbers of the stream are not known here; clients do not read them of a failed response.
 */
export function renderStreamError(error: GatewayError): SseEvent {
  const failure = { code: readCode(error), message: withRetryHint(error) };
  const response = {
    id: 'resp_failed',
    object: 'response',
    created_at: 0,
    status: 'failed',
    error: failure,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  return { event: 'response.failed', data: JSON.stringify({ type: 'response.failed', sequence_number: 0, response }) };
}

function readCode(error: GatewayError): string {
  if (error.code === 'upstream_rejected' && error.fault?.kind === 'content-filter') return 'content_filter';
  return openaiCodes[error.code] ?? error.code;
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_denied';
  if (status === 429) return 'rate_limit_error';
  if (status === 504) return 'timeout';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

function withRetryHint(error: GatewayError): string {
  const waitMs = error.retryAfterMs ?? error.fault?.retryAfterMs ?? null;
  if (waitMs === null || /try again in/i.test(error.message)) return error.message;
  return `${error.message} Please try again in ${waitMs / 1000}s.`;
}
