import type { CallSummary } from '../contract/entities.ts';
import type { CallEnd, CallStart } from '../domain/call.ts';
import { renderCallId } from '../domain/call-id.ts';
import { emptyUsage } from '../domain/token-usage.ts';

/** A finished call as the live list shows it, without asking the database. */
export function summariseCall(start: CallStart, end: CallEnd): CallSummary {
  const { raw: _raw, serviceTier: _tier, providerCostNanoUsd: _cost, ...usage } = end.usage ?? emptyUsage();
  return {
    id: renderCallId(start.id),
    startedAt: start.startedAt,
    status: end.status,
    httpStatus: end.httpStatus,
    endpoint: start.endpoint,
    provider: start.provider,
    model: start.model,
    requestedModel: start.requestedModel,
    callerDialect: start.callerDialect,
    upstreamDialect: start.upstreamDialect,
    conversion: end.conversion ?? start.conversion,
    stream: start.stream,
    byok: start.byok,
    callerKeyId: start.callerKeyId,
    client: start.client,
    tags: { ...start.tags },
    conversationId: start.conversationId,
    durationMs: end.durationMs,
    firstByteMs: end.firstByteMs,
    requestBytes: start.requestBytes,
    responseBytes: end.responseBytes,
    usage,
    costNanoUsd: end.costNanoUsd,
    costSource: end.costSource,
    errorCode: end.error?.code ?? null,
  };
}
