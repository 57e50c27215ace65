import type { ErrorCode } from '../contract/error-codes.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamFault, UpstreamFaultKind } from '../domain/upstream-fault.ts';

const codes: Record<UpstreamFaultKind, ErrorCode> = {
  'invalid-request': 'upstream_rejected',
  'context-length': 'upstream_context_length',
  authentication: 'upstream_auth',
  permission: 'upstream_permission',
  quota: 'upstream_quota',
  'rate-limit': 'upstream_rate_limited',
  'not-found': 'upstream_not_found',
  'too-large': 'payload_too_large',
  overloaded: 'upstream_overloaded',
  server: 'upstream_error',
  timeout: 'upstream_timeout',
  'content-filter': 'upstream_rejected',
};

/**
 * A provider's fault as our error, with the provider's status. A refused key is said to be the provider's key: the caller
 * must not take it for its own.
 */
export function explainFault(fault: UpstreamFault, providerName: string, byok: boolean, retryAfterMs: number | null): GatewayError {
  const status = fault.kind === 'authentication' ? 401 : fault.status >= 400 && fault.status < 600 ? fault.status : undefined;
  const whose = byok ? 'sent in X-Provider-Api-Key' : 'stored in Tollgate for it';
  const message =
    fault.kind === 'authentication' ? `${providerName} refused the key ${whose}: ${fault.message}` : `${providerName}: ${fault.message}`;
  return new GatewayError(codes[fault.kind], message, {
    fault,
    param: fault.param,
    retryAfterMs: retryAfterMs ?? fault.retryAfterMs,
    ...(status === undefined ? {} : { status }),
  });
}
