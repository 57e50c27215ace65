import type { ErrorCode } from '../../contract/error-codes.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import { renderOpenaiError } from '../openai-error.ts';
import type { SseEvent } from '../sse.ts';

/** A chunk whose top-level `error` makes OpenAI's SDKs raise; no `[DONE]` may follow it. */
export function renderStreamError(error: GatewayError): SseEvent {
  return { event: null, data: JSON.stringify(renderOpenaiError(error).body) };
}

/** The same for a fault that arrived inside the upstream's stream. */
export function renderStreamFault(fault: UpstreamFault): SseEvent {
  return renderStreamError(new GatewayError(errorCodeOf[fault.kind], fault.message, { fault }));
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
