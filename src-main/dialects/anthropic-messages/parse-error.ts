import type { UpstreamFault, UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import { contextLengthWords, kindOfStatus } from '../fault-signs.ts';
import { asObject, asText, parseJson } from '../json-value.ts';

interface ErrorType {
  status: number;
  kind: UpstreamFaultKind;
}

const errorTypes: Readonly<Record<string, ErrorType>> = {
  invalid_request_error: { status: 400, kind: 'invalid-request' },
  authentication_error: { status: 401, kind: 'authentication' },
  billing_error: { status: 402, kind: 'quota' },
  permission_error: { status: 403, kind: 'permission' },
  not_found_error: { status: 404, kind: 'not-found' },
  conflict_error: { status: 409, kind: 'invalid-request' },
  request_too_large: { status: 413, kind: 'too-large' },
  rate_limit_error: { status: 429, kind: 'rate-limit' },
  api_error: { status: 500, kind: 'server' },
  timeout_error: { status: 504, kind: 'timeout' },
  overloaded_error: { status: 529, kind: 'overloaded' },
};

const fullContext = /exceed[^.]{0,40}context|context limit|maximum context/i;
const spent = /credit balance|spend(ing)? limit|usage limits?\b|_spend_limit_reached/i;
const filtered = /content filter|content policy|usage polic/i;

/**
 * Reads an error reply. Bodies that are not Anthropic's (an HTML page of a proxy, nothing at all, another vendor's JSON
 * behind a compatible address) are read as far as they go; the status decides where the body does not.
 */
export function parseError(status: number, body: unknown): UpstreamFault {
  const parsed = asObject(typeof body === 'string' ? parseJson(body) : body);
  const error = asObject(parsed?.['error']) ?? parsed;
  const text = asText(error?.['message']) ?? asText(parsed?.['error']) ?? asText(parsed?.['detail']) ?? (parsed ? null : plainText(body));
  const details = asObject(error?.['details']);
  const type = error === parsed ? null : asText(error?.['type']);
  const code = asText(details?.['error_code']) ?? asText(error?.['code']);
  return {
    status,
    kind: kindOf(status, type, `${text ?? ''} ${code ?? ''}`),
    message: text || `The provider answered with status ${status} and no explanation.`,
    providerType: type,
    providerCode: code,
    param: asText(error?.['param']),
    retryAfterMs: null,
  };
}

/** An `error` event inside a stream: the status is the one its type stands for. */
export function parseStreamFault(event: unknown): UpstreamFault {
  const type = asText(asObject(asObject(event)?.['error'])?.['type']);
  return parseError(knownType(type)?.status ?? 500, event);
}

/** Type before status; then what only the words tell: a full context and an empty account are both plain 400s. */
function kindOf(status: number, type: string | null, words: string): UpstreamFaultKind {
  const kind = knownType(type)?.kind ?? kindOfStatus(status);
  if (kind === 'invalid-request' || kind === 'too-large') {
    if (contextLengthWords.test(words) || fullContext.test(words)) return 'context-length';
    if (spent.test(words)) return 'quota';
    if (filtered.test(words)) return 'content-filter';
  }
  // The spend caps of an account are rate limits by name that no waiting mends.
  return kind === 'rate-limit' && spent.test(words) ? 'quota' : kind;
}

function knownType(type: string | null): ErrorType | undefined {
  return type !== null && Object.hasOwn(errorTypes, type) ? errorTypes[type] : undefined;
}

const textLimit = 500;

/** The words of a body that is not JSON; of an HTML page its title. */
function plainText(body: unknown): string | null {
  if (typeof body !== 'string') return null;
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  const isHtml = /<(!doctype|html|head|body)\b/i.test(body.slice(0, 1000));
  const text = (isHtml ? (title ?? '') : body).replace(/\s+/g, ' ').trim();
  return text.slice(0, textLimit) || null;
}
