import type { UpstreamFaultKind } from '../../domain/upstream-fault.ts';
import { badKeyWords, contextLengthWords, kindByStatus, statusOfKind } from '../fault-signs.ts';

export interface FaultSigns {
  status: number;
  code: string | null;
  type: string | null;
  message: string;
  /** A wait the provider named: then its quota is one that refills. */
  retryAfterMs: number | null;
}

/** Codes and types of OpenAI, then of servers that imitate it. */
const kindByWord: Readonly<Record<string, UpstreamFaultKind>> = {
  context_length_exceeded: 'context-length',
  exceed_context_size_error: 'context-length',
  string_above_max_length: 'invalid-request',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  exceeded_current_quota_error: 'quota',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  rate_limit_reached_error: 'rate-limit',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  permission_denied: 'permission',
  permission_error: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  content_filter: 'content-filter',
  content_policy_violation: 'content-filter',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  engine_overloaded_error: 'overloaded',
  service_unavailable: 'overloaded',
  timeout: 'timeout',
  invalid_request_error: 'invalid-request',
  server_error: 'server',
  internal_server_error: 'server',
  api_error: 'server',
};

const quota =
  /exceeded your current quota|insufficient (?:balance|credits?|funds|quota)|credit balance|used all available credits|spending limit|payment required|out of credits/i;

/** 524 is the timeout of a Cloudflare in between. */
const kindOfProxyStatus: typeof kindByStatus = { ...kindByStatus, 524: 'timeout' };

/**
 * What kind of fault it is. Servers give a full context the status 400, 413, 422, 429 or 500, and an empty account 402,
 * 403 or 429: so words decide before the status does.
 */
export function classifyFault({ status, code, type, message, retryAfterMs }: FaultSigns): UpstreamFaultKind {
  const told = kindOf(code) ?? kindOf(type);
  if (told === 'context-length' || (contextLengthWords.test(message) && told !== 'rate-limit')) return 'context-length';
  if (told === 'quota' || status === 402 || (retryAfterMs === null && quota.test(message))) return 'quota';
  if (badKeyWords.test(message)) return 'authentication';
  const vague = told === undefined || told === 'invalid-request' || told === 'server';
  if (!vague) return told;
  return kindOfProxyStatus[status] ?? (status >= 400 && status < 500 ? 'invalid-request' : (told ?? 'server'));
}

/** The HTTP status that a code or type of a stream's error stands for; OpenRouter gives the number itself. */
export function readStatus(word: string | null): number | null {
  if (word === null) return null;
  const number = Number(word);
  if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  const kind = kindOf(word);
  return kind === undefined ? null : statusOfKind[kind];
}

function kindOf(word: string | null): UpstreamFaultKind | undefined {
  const key = word?.toLowerCase() ?? '';
  return Object.hasOwn(kindByWord, key) ? kindByWord[key] : undefined;
}
