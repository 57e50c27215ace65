import type { UpstreamFaultKind } from '../domain/upstream-fault.ts';

/** What an HTTP status tells of a fault where nothing tells more. */
export const kindByStatus: Readonly<Record<number, UpstreamFaultKind>> = {
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

export function kindOfStatus(status: number): UpstreamFaultKind {
  return kindByStatus[status] ?? (status >= 500 ? 'server' : 'invalid-request');
}

/** The status of a fault that arrived inside a 200 stream. */
export const statusOfKind: Readonly<Record<UpstreamFaultKind, number>> = {
  'invalid-request': 400,
  'context-length': 400,
  'content-filter': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'too-large': 413,
  quota: 429,
  'rate-limit': 429,
  server: 500,
  overloaded: 503,
  timeout: 504,
};

/** Words for a full context that no vendor has for anything else. */
export const contextLengthWords =
  /context[ _](?:length|window|size)|maximum (?:prompt|sequence|input) length|prompt (?:is )?too long|input (?:is|length)[^.]{0,40}too long|input token count[^.]{0,60}exceeds|reduce the length of the (?:messages|prompt)/i;

export const badKeyWords = /(?:incorrect|invalid) api key|api key (?:not valid|is invalid)/i;

/** Ms of a wait asked for in words: "Please try again in 1m2.5s" (OpenAI, Groq), "retry in 37.12s" (Google). */
export function readWaitInWords(message: string): number | null {
  const span = /(?:try again|retry) in ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i.exec(message)?.[1];
  if (span === undefined) return null;
  let waitMs = 0;
  for (const [, amount, unit] of span.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gi)) {
    waitMs += Number(amount) * (unitMs[unit?.toLowerCase() ?? ''] ?? 0);
  }
  return Math.ceil(waitMs);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
