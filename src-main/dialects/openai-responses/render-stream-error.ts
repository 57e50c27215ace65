import type { GatewayError } from '../../domain/gateway-error.ts';
import { resolveOpenaiCode } from '../openai-error.ts';
import type { SseEvent } from '../sse.ts';

/**
 * `response.failed`, not the flat `error` event: Codex acts on `response.error.code` and takes a stream without any
 * response event at its end for a broken connection. It reads the wait out of the words "try again in 11.05s".
 * The ids and numbers of the stream are not known here; clients do not read them of a failed response.
 */
export function renderStreamError(error: GatewayError): SseEvent {
  const failure = { code: resolveOpenaiCode(error), message: withRetryHint(error) };
  const response = {
    id: 'resp_failed',
    object: 'response',
    created_at: 0,
    status: 'failed',
    error: failure,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  return { event: 'response.failed', data: JSON.stringify({ type: 'response.failed', sequence_number: 0, response }) };
}

function withRetryHint(error: GatewayError): string {
  const waitMs = error.retryAfterMs ?? error.fault?.retryAfterMs ?? null;
  if (waitMs === null || /try again in/i.test(error.message)) return error.message;
  return `${error.message} Please try again in ${waitMs / 1000}s.`;
}
