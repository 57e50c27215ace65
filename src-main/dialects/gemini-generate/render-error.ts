import type { GatewayError } from '../../domain/gateway-error.ts';
import type { RenderedError } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';

const rpcStatusOf: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  422: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/**
 * google.rpc.Status, as Google's SDKs read it: they take `code` (400-599) and `message`; `details` carries our own
 * code, the field at fault and the wait. Google has no 402: a spent budget is RESOURCE_EXHAUSTED.
 */
export function renderError(error: GatewayError): RenderedError {
  const status = error.status === 402 ? 429 : error.status;
  const body = { code: status, message: error.message, status: rpcStatusOf[status] ?? 'UNKNOWN', details: renderDetails(error) };
  return { status, body: { error: body } };
}

/** Google streams have no event names: an error is one more data line. */
export function renderStreamError(error: GatewayError): SseEvent {
  return { event: null, data: JSON.stringify(renderError(error).body) };
}

function renderDetails(error: GatewayError): Record<string, unknown>[] {
  const details: Record<string, unknown>[] = [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: error.code.toUpperCase(), domain: 'tollgate', ...providerWords(error) },
  ];
  if (error.param !== null) {
    const violation = { field: error.param, description: error.message };
    details.push({ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] });
  }
  const retryAfterMs = error.retryAfterMs ?? error.fault?.retryAfterMs ?? null;
  if (retryAfterMs !== null) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterMs / 1000}s` });
  }
  return details;
}

function providerWords(error: GatewayError): { metadata?: Record<string, string> } {
  const metadata: Record<string, string> = {};
  if (error.fault?.providerType) metadata['providerType'] = error.fault.providerType;
  if (error.fault?.providerCode) metadata['providerCode'] = error.fault.providerCode;
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
