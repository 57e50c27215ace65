import type { ErrorCode } from '../../contract/error-codes.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import type { RenderedError } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';
import type { WireObject } from './wire-value.ts';

/** OpenAI's name of our codes, where it has one: its SDKs and agents branch on these. */
const openaiCodes: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_api_key',
  budget_exceeded: 'insufficient_quota',
  upstream_quota: 'insufficient_quota',
  rate_limited: 'rate_limit_exceeded',
  upstream_rate_limited: 'rate_limit_exceeded',
  upstream_context_length: 'context_length_exceeded',
  upstream_overloaded: 'overloaded',
};

/** Statuses OpenAI's clients do not know, and the sibling they do. */
const siblingStatus: Readonly<Record<number, number>> = { 402: 429, 529: 503 };

export function renderError(error: GatewayError): RenderedError {
  const status = siblingStatus[error.status] ?? error.status;
  return { status, body: renderErrorBody(error, status) };
}

/** A chunk whose top-level `error` makes OpenAI's SDKs raise; no `[DONE]` may follow it. */
export function renderStreamError(error: GatewayError): SseEvent {
  const { body } = renderError(error);
  return { event: null, data: JSON.stringify(body) };
}

/** The same for a fault that arrived inside the upstream's stream. */
export function renderStreamFault(fault: UpstreamFault): SseEvent {
  return renderStreamError(new GatewayError(errorCodeOf[fault.kind], fault.message, { fault }));
}

function renderErrorBody(error: GatewayError, status: number): WireObject {
  const code = readCode(error);
  const type = code === 'insufficient_quota' ? code : typeOf(status);
  return { error: { message: error.message, type, param: error.param ?? error.fault?.param ?? null, code } };
}

function readCode(error: GatewayError): string {
  const { code, fault } = error;
  if (code === 'upstream_not_found' && fault?.providerCode === 'model_not_found') return fault.providerCode;
  if (code === 'upstream_rejected' && fault?.kind === 'content-filter') return 'content_filter';
  return openaiCodes[code] ?? code;
}

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_denied';
    case 429:
      return 'rate_limit_error';
    case 504:
      return 'timeout';
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

const errorCodeOf: Readonly<Record<UpstreamFaultKind, ErrorCode>> = {
  'invalid-request': 'upstream_rejected',
  'context-length': 'upstream_context_length',
  'content-filter': 'upstream_rejected',
  'too-large': 'upstream_rejected',
  authentication: 'upstream_auth',
  permission: 'upstream_permission',
  quota: 'upstream_quota',
  'rate-limit': 'upstream_rate_limited',
  'not-found': 'upstream_not_found',
  overloaded: 'upstream_overloaded',
  server: 'upstream_error',
  timeout: 'upstream_timeout',
};
