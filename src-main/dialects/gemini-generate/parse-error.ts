import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import { contextLengthWords, kindByStatus, kindOfStatus, readWaitInWords } from '../fault-signs.ts';
import { asCount, asList, asObject, asText, type JsonObject, parseJson } from '../json-value.ts';

/**
 * Reads `{"error":{code,message,status,details}}` (google.rpc.Status), alone or as the element of an array as JSON
 * streams send it. A body of another shape still gives a fault: its kind then comes from the HTTP status alone.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const error = findError(body);
  const details = asList(error?.['details']).map(asObject);
  const message = asText(error?.['message']) ?? fallbackMessage(status, body);
  const reason = findReason(details);
  return {
    status,
    kind: resolveKind(status, { message, reason, rpcStatus: asText(error?.['status']), details }),
    message,
    providerType: asText(error?.['status']),
    providerCode: reason ?? (error?.['code'] === undefined ? null : String(error['code'])),
    param: findParam(details),
    retryAfterMs: readRetryDelay(details, message),
  };
}

/** An error that arrived inside a stream that began with 200; null when the payload is no error. */
export function parseStreamError(payload: unknown): UpstreamFault | null {
  const error = findError(payload);
  if (error === null) return null;
  return parseError(asCount(error['code']) ?? 500, payload);
}

function findError(body: unknown): JsonObject | null {
  const value = typeof body === 'string' ? parseJson(body) : body;
  const first = Array.isArray(value) ? value[0] : value;
  const error = asObject(first)?.['error'];
  return typeof error === 'string' ? { message: error } : asObject(error);
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

/** 499 is Google's CANCELLED. */
const kindOfHttpStatus: typeof kindByStatus = { ...kindByStatus, 499: 'timeout' };

const fullContext = /token count.*exceeds|exceeds the maximum number of tokens/i;

function resolveKind(status: number, error: ErrorFacts): UpstreamFaultKind {
  const { message, reason } = error;
  // A bad key is HTTP 400 with this reason, not 401; a key Google found published is a 403.
  if (reason === 'API_KEY_INVALID' || /api key (not valid|expired|was reported as leaked)/i.test(message)) return 'authentication';
  if (status === 400 && (contextLengthWords.test(message) || fullContext.test(message))) return 'context-length';
  if (status === 400 && /payload size exceeds|request (is )?too large/i.test(message)) return 'too-large';
  if (status === 400 && /user location is not supported/i.test(message)) return 'permission';
  const kind = kindOfHttpStatus[status] ?? kindOfRpcStatus.get(error.rpcStatus ?? '') ?? kindOfStatus(status);
  return kind === 'rate-limit' && isSpent(error) ? 'quota' : kind;
}

/** A daily quota, or no credit at all: waiting the usual seconds does not help. */
function isSpent({ message, details }: ErrorFacts): boolean {
  const violations = details.flatMap((detail) => asList(detail?.['violations']).map(asObject));
  if (violations.some((violation) => /PerDay/i.test(asText(violation?.['quotaId']) ?? ''))) return true;
  return /credits? (are|is) depleted|billing (account|is) (disabled|not)|spending cap/i.test(message);
}

function findReason(details: readonly (JsonObject | null)[]): string | null {
  for (const detail of details) {
    const reason = asText(detail?.['reason']);
    if (reason !== null) return reason;
  }
  return null;
}

function findParam(details: readonly (JsonObject | null)[]): string | null {
  for (const detail of details) {
    for (const violation of asList(detail?.['fieldViolations'])) {
      const field = asText(asObject(violation)?.['field']);
      if (field !== null) return field;
    }
  }
  return null;
}

/** google.rpc.RetryInfo `retryDelay` ("37s", "0.5s"), else the wait in words. */
function readRetryDelay(details: readonly (JsonObject | null)[], message: string): number | null {
  for (const detail of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asText(detail?.['retryDelay']) ?? '')?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return readWaitInWords(message);
}
