import type { Socket } from 'node:net';
import type { Static } from 'typebox';
import type { ErrorBodySchema } from '../contract/entities.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { securityHeaders } from './security-headers.ts';

type ErrorBody = Static<typeof ErrorBodySchema>;

export function renderErrorBody(error: GatewayError): ErrorBody {
  return { error: { code: error.code, message: error.message, param: error.param } };
}

/**
 * Any thrown thing as one GatewayError: ours as they are, Fastify's refusals by their code, everything else `internal`
 * without a word of the original text, which may hold anything.
 */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = readField(error, 'code');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GatewayError('payload_too_large', 'The body is larger than 1 MiB.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupportedMediaType();
  const status = readField(error, 'statusCode');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const text = error instanceof Error ? error.message : 'The request cannot be read.';
    return new GatewayError('invalid_request', text);
  }
  return new GatewayError('internal', 'Tollgate failed to do this; its log says why.', { cause: error });
}

export function unsupportedMediaType(): GatewayError {
  return new GatewayError('unsupported_media_type', 'This address takes JSON: send the header "content-type: application/json".');
}

/** The path is quoted and cut, because a stranger chose it. */
export function noSuchAddress(method: string, path: string): GatewayError {
  const what = `${method} ${JSON.stringify(path.slice(0, 200))}`;
  return new GatewayError('not_found', `There is no ${what} here. Models are called under /v1, the admin API is under /admin.`);
}

/** Answers bytes that are no HTTP request (bad syntax, header too long, too slow) and closes the connection. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [line, message] = brokenRequestReplies[error.code ?? ''] ?? ['400 Bad Request', 'This is not a valid HTTP request.'];
  const body = JSON.stringify({ error: { code: 'invalid_request', message, param: null } } satisfies ErrorBody);
  const headers = [
    ...securityHeaders,
    ['content-type', 'application/json'],
    ['content-length', String(body.length)],
    ['connection', 'close'],
  ];
  if (socket.writable)
    socket.write(`HTTP/1.1 ${line}\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}

const brokenRequestReplies: Record<string, [line: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too long.'],
};

function readField(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null && name in error ? (error as Record<string, unknown>)[name] : undefined;
}
