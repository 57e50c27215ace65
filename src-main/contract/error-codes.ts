/** Who can mend it: the program calling us, the provider behind us, or Tollgate itself. */
export type ErrorOrigin = 'caller' | 'upstream' | 'gateway';

interface ErrorDefinition {
  readonly origin: ErrorOrigin;
  /** HTTP status the caller sees unless the upstream's own status has a closer sibling. */
  readonly status: number;
  /** Another try may succeed; only ever acted on before the first byte reached the caller. */
  readonly retryable: boolean;
}

const define = (origin: ErrorOrigin, status: number, retryable = false): ErrorDefinition => ({ origin, status, retryable });

/** Every code Tollgate gives, in API errors and in the ledger. The UI's text comes from the code, never from `message`. */
export const errorCodes = {
  invalid_request: define('caller', 400),
  provider_test_failed: define('caller', 400),
  unauthenticated: define('caller', 401),
  budget_exceeded: define('caller', 402),
  not_allowed: define('caller', 403),
  forbidden_host: define('caller', 403),
  forbidden_origin: define('caller', 403),
  not_found: define('caller', 404),
  model_not_found: define('caller', 404),
  method_not_allowed: define('caller', 405),
  conflict: define('caller', 409),
  payload_too_large: define('caller', 413),
  unsupported_media_type: define('caller', 415),
  unsupported_feature: define('caller', 422),
  rate_limited: define('caller', 429, true),
  client_closed: define('caller', 499),
  loop_detected: define('caller', 508),
  upstream_auth: define('upstream', 502),
  upstream_permission: define('upstream', 403),
  upstream_quota: define('upstream', 429),
  upstream_rate_limited: define('upstream', 429, true),
  upstream_overloaded: define('upstream', 503, true),
  upstream_context_length: define('upstream', 400),
  upstream_rejected: define('upstream', 400),
  upstream_not_found: define('upstream', 404),
  upstream_error: define('upstream', 502, true),
  upstream_unreachable: define('upstream', 502, true),
  upstream_timeout: define('upstream', 504, true),
  upstream_bad_reply: define('upstream', 502),
  upstream_redirect: define('upstream', 502),
  upstream_stream_cut: define('upstream', 502),
  provider_not_configured: define('gateway', 503),
  config_invalid: define('gateway', 500),
  vault_unavailable: define('gateway', 503),
  store_unavailable: define('gateway', 503),
  not_ready: define('gateway', 503, true),
  internal: define('gateway', 500),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCodes;
