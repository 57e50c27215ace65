import type { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderedError } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';

const typeByStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** Claude Code compacts its history when it reads these words. */
const contextLengthWords = 'prompt is too long';

/** An error as clients of the Messages API expect it; its status is the error's, except that overload is 529 here. */
export function renderError(error: GatewayError): RenderedError {
  const status = error.code === 'upstream_overloaded' && error.status === 503 ? 529 : error.status;
  return { status, body: { type: 'error', error: { type: typeOf(error, status), message: messageOf(error) } } };
}

/** The frame that makes the vendor's SDKs raise inside a stream. */
export function renderStreamError(error: GatewayError): SseEvent {
  return { event: 'error', data: JSON.stringify(renderError(error).body) };
}

function typeOf(error: GatewayError, status: number): string {
  // An exhausted account answers 429 elsewhere; the type says that waiting does not help.
  if (error.code === 'upstream_quota') return 'billing_error';
  return typeByStatus[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

function messageOf(error: GatewayError): string {
  if (error.code !== 'upstream_context_length' || error.message.includes(contextLengthWords)) return error.message;
  return `${contextLengthWords}: ${error.message}`;
}
