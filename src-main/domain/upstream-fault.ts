/** What went wrong at the provider, read from its error body (`parseError`) or from its stream. */
export interface UpstreamFault {
  /** HTTP status; for an error event inside a 200 stream, the status the event's type stands for. */
  status: number;
  kind: UpstreamFaultKind;
  /** The provider's own words, for the caller. Redacted by the proxy before it leaves. */
  message: string;
  /** The provider's own type/code/status strings where it gave any. */
  providerType: string | null;
  providerCode: string | null;
  param: string | null;
  /** Wait the provider asked for inside the body (Gemini RetryInfo, "try again in 11.05s"); headers are read elsewhere. */
  retryAfterMs: number | null;
}

export type UpstreamFaultKind =
  | 'invalid-request'
  | 'context-length'
  | 'authentication'
  | 'permission'
  | 'quota'
  | 'rate-limit'
  | 'not-found'
  | 'too-large'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'content-filter';
