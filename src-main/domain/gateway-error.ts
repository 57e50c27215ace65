import type { ErrorCode, ErrorOrigin } from '../contract/error-codes.ts';
import { errorCodes } from '../contract/error-codes.ts';
import type { UpstreamFault } from './upstream-fault.ts';

/**
 * The one error of the gateway: what the caller is told in its dialect, and what the ledger keeps. `message` says what
 * is wrong and what to do; it must hold no secret.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly origin: ErrorOrigin;
  /** Status sent to the caller. */
  readonly status: number;
  readonly retryable: boolean;
  /** The field of the request that is at fault, if one is. */
  readonly param: string | null;
  readonly retryAfterMs: number | null;
  /** The provider's answer, when the fault is the provider's. */
  readonly fault: UpstreamFault | null;

  constructor(code: ErrorCode, message: string, detail: GatewayErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    const definition = errorCodes[code];
    this.code = code;
    this.origin = definition.origin;
    this.status = detail.status ?? definition.status;
    this.retryable = definition.retryable;
    this.param = detail.param ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
    this.fault = detail.fault ?? null;
  }
}

export interface GatewayErrorDetail {
  status?: number;
  param?: string | null;
  retryAfterMs?: number | null;
  fault?: UpstreamFault | null;
  cause?: unknown;
}
