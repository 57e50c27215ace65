import type { ServerResponse } from 'node:http';
import type { Dialect } from '../dialects/dialect.ts';
import { GatewayError } from '../domain/gateway-error.ts';

export interface ErrorReply {
  status: number;
  headers: string[];
  body: Buffer;
}

/** An error as the caller's dialect writes it, with the hints its SDK obeys. */
export function renderErrorReply(dialect: Dialect, error: GatewayError, extraHeaders: readonly string[]): ErrorReply {
  const { status, body } = dialect.renderError(error);
  const headers = ['content-type', 'application/json; charset=utf-8', ...extraHeaders];
  if (error.retryAfterMs !== null && !extraHeaders.includes('retry-after'))
    headers.push('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  // SDKs repeat 429 and 5xx on their own; neither money nor a missing key appears by asking again.
  if (!error.retryable && (status >= 500 || status === 429)) headers.push('x-should-retry', 'false');
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** Anything thrown, as the error the caller may see; what was not foreseen says nothing about our insides. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  // JSON nested beyond the stack: the caller's doing, not a fault of ours.
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new GatewayError('invalid_request', 'The body is nested too deeply to be translated.', { cause: thrown });
  }
  return new GatewayError('internal', 'Tollgate failed on this call. The ledger and the log have its id.', { cause: thrown });
}

export function sendReply(response: ServerResponse, reply: ErrorReply, baseHeaders: readonly string[]): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(reply.status, [...baseHeaders, ...reply.headers, 'content-length', String(reply.body.length)]);
  response.end(reply.body);
}
