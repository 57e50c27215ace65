import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import type { JsonObject } from './json-value.ts';
import { readArray, readCount, readJson, readObject, readText } from './json-value.ts';

/**
 * Reads `{"error":{code,message,status,details}}` (google.rpc.Status), alone or as the element of an array as JSON
 * streams send it. A body of another shape still gives a fault: its kind then comes from the HTTP status alone.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const error = findError(body);
  const details = readArray(error?.['details']).map(readObject);
  const message = readText(error?.['message']) ?? fallbackMessage(status, body);
  const reason = findReason(details);
  return {
    status,
    kind: resolveKind(status, { message, reason, rpcStatus: readText(error?.['status']), details }),
    message,
    providerType: readText(error?.['status']),
    providerCode: reason ?? (error?.['code'] === undefined ? null : String(error['code'])),
    param: findParam(details),
    retryAfterMs: readRetryDelay(details, message),
  };
}

/** An error that arrived inside a stream that began with 200; null when the payload is no error. */
export function parseStreamError(payload: unknown): UpstreamFault | null {
  const error = findError(payload);
  if (error === null) return null;
  return parseError(readCount(error['code']) ?? 500, payload);
}

function findError(body: unknown): JsonObject | null {
  const value = typeof body === 'string' ? readJson(body) : body;
  const first = Array.isArray(value) ? value[0] : value;
  const error = readObject(first)?.['error'];
  return typeof error === 'string' ? { message: error } : readObject(error);
}

function fallbackMessage(status: number, body: unknown): string {
  if (typeof body === 'string' && body.trim() !== '') return body.trim().slice(0, 1000);
  return `Gemini answered with HTTP ${status} and no error message.`;
}

interface ErrorFacts {
  message: string;
  reason: string | null;
  rpcStatus: string | null;
  details: readonly (JsonObject | null)[];
}

const kindOfRpcStatus: ReadonlyMap<string, UpstreamFaultKind> = new Map<string, UpstreamFaultKind>([
  ['UNAUTHENTICATED', 'authentication'],
  ['PERMISSION_DENIED', 'permission'],
  ['NOT_FOUND', 'not-found'],
  ['RESOURCE_EXHAUSTED', 'rate-limit'],
  ['UNAVAILABLE', 'overloaded'],
  ['DEADLINE_EXCEEDED', 'timeout'],
  ['CANCELLED', 'timeout'],
  ['INTERNAL', 'server'],
  ['UNKNOWN', 'server'],
  ['DATA_LOSS', 'server'],
]);

const kindOfHttpStatus: Readonly<Record<number, UpstreamFaultKind>> = {
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  429: 'rate-limit',
  499: 'timeout',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

function resolveKind(status: number, error: ErrorFacts): UpstreamFaultKind {
  const { message, reason } = error;
  // A bad key is HTTP 400 with this reason, not 401; a key Google found published is a 403.
  if (reason === 'API_KEY_INVALID' || /api key (not valid|expired|was reported as leaked)/i.test(message)) return 'authentication';
  if (status === 400 && /token count.*exceeds|exceeds the maximum number of tokens|context (length|window)/i.test(message)) {
    return 'context-length';
  }
  if (status === 400 && /payload size exceeds|request (is )?too large/i.test(message)) return 'too-large';
  if (status === 400 && /user location is not supported/i.test(message)) return 'permission';
  const kind = kindOfHttpStatus[status] ?? kindOfRpcStatus.get(error.rpcStatus ?? '') ?? (status >= 500 ? 'server' : 'invalid-request');
  return kind === 'rate-limit' && isSpent(error) ? 'quota' : kind;
}

/** A daily quota, or no credit at all: waiting the usual seconds does not help. */
function isSpent({ message, details }: ErrorFacts): boolean {
  const violations = details.flatMap((detail) => readArray(detail?.['violations']).map(readObject));
  if (violations.some((violation) => /PerDay/i.test(readText(violation?.['quotaId']) ?? ''))) return true;
  return /credits? (are|is) depleted|billing (account|is) (disabled|not)|spending cap/i.test(message);
}

function findReason(details: readonly (JsonObject | null)[]): string | null {
  for (const detail of details) {
    const reason = readText(detail?.['reason']);
    if (reason !== null) return reason;
  }
  return null;
}

function findParam(details: readonly (JsonObject | null)[]): string | null {
  for (const detail of details) {
    for (const violation of readArray(detail?.['fieldViolations'])) {
      const field = readText(readObject(violation)?.['field']);
      if (field !== null) return field;
    }
  }
  return null;
}

/** google.rpc.RetryInfo `retryDelay` ("37s", "0.5s"), else the delay named in the message ("Please retry in 37.12s."). */
function readRetryDelay(details: readonly (JsonObject | null)[], message: string): number | null {
  for (const detail of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(readText(detail?.['retryDelay']) ?? '')?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  const named = /retry in (\d+(?:\.\d+)?)(ms|s)\b/i.exec(message);
  if (named?.[1] === undefined) return null;
  return Math.ceil(Number(named[1]) * (named[2]?.toLowerCase() === 'ms' ? 1 : 1000));
}
