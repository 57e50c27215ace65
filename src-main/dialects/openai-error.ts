import type { ErrorCode } from '../contract/error-codes.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { RenderedError } from './dialect.ts';

/** OpenAI's name of our codes, where it has one: its SDKs, Codex and other agents branch on these. */
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

/** `{"error":{message,type,param,code}}`, the error body of every OpenAI endpoint. */
export function renderOpenaiError(error: GatewayError): RenderedError {
  const status = siblingStatus[error.status] ?? error.status;
  const code = resolveOpenaiCode(error);
  const type = code === 'insufficient_quota' ? code : typeOf(status);
  return { status, body: { error: { message: error.message, type, param: error.param ?? error.fault?.param ?? null, code } } };
}

/** OpenAI's code for an error; our own where it has none. */
export function resolveOpenaiCode({ code, fault }: GatewayError): string {
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
