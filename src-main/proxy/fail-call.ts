import type { CallStart } from '../domain/call.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { OpenCall } from './open-call.ts';
import type { ProxyDependencies } from './proxy-dependencies.ts';
import { type ErrorReply, renderErrorReply, sendReply } from './reply-error.ts';
import { type CallOutcome, closeCall, settleCall } from './settle-call.ts';

/**
 * Answers an error in the caller's dialect and puts it in the ledger. Only a request without a valid key has no row: whoever
 * sends it must not be able to fill the disk.
 * @param reply the answer to send, where the provider's own is handed on; default: the error, rendered
 */
export function failCall(dependencies: ProxyDependencies, call: OpenCall, error: GatewayError, reply?: ErrorReply): void {
  if (error.code === 'internal') dependencies.log.error('call failed', { call: call.idText, cause: error.cause });
  if (call.caller === null) dependencies.onRefused(error.code);
  else if (call.start === null) call.start = describeStart(call, false, null, false);
  if (call.start !== null && !call.started) dependencies.ledger.recordStart(call.start);
  call.started = true;
  const answer = reply ?? renderErrorReply(dependencies.dialects[call.route.dialect], error, []);
  const sends = !call.response.headersSent && !call.response.destroyed;
  if (sends) {
    call.sent.push(answer.body);
    call.responseBytes += answer.body.length;
  }
  const httpStatus = error.code === 'client_closed' ? 499 : answer.status;
  settleCall(dependencies.settle, call, { status: statusOf(error), httpStatus, facts: null, error });
  if (sends) sendReply(call.response, answer, [...dependencies.baseHeaders, 'x-tollgate-call-id', call.idText]);
  // In the middle of an answer only a broken connection says that it is none.
  else if (!call.response.writableEnded) call.response.destroy();
  closeCall(dependencies.settle, call);
}

function statusOf(error: GatewayError): CallOutcome['status'] {
  if (error.code === 'client_closed') return 'client_aborted';
  if (error.code === 'upstream_stream_cut') return 'upstream_truncated';
  return error.code === 'not_ready' ? 'interrupted' : 'error';
}

/** Runs a piece of a call's end: whatever it throws costs this call only, never the process. */
export function containFailure(dependencies: Pick<ProxyDependencies, 'log'>, call: OpenCall, act: () => void): void {
  try {
    act();
  } catch (cause) {
    dependencies.log.error('call could not be ended', { call: call.idText, cause });
    call.response.destroy();
  }
}

/** What is known of a call before it has a target. */
export function describeStart(call: OpenCall, stream: boolean, requestedModel: string | null, byok: boolean): CallStart {
  return {
    id: call.id,
    startedAt: call.startedAt,
    endpoint: call.route.endpoint,
    callerDialect: call.route.dialect,
    upstreamDialect: null,
    provider: null,
    requestedModel: requestedModel ?? '',
    model: null,
    conversion: 'unchanged',
    stream,
    callerKeyId: call.caller?.keyId ?? null,
    client: null,
    tags: call.caller?.tags ?? {},
    conversationId: null,
    traceId: null,
    parentSpanId: null,
    requestBytes: call.body?.length ?? 0,
    byok,
  };
}
