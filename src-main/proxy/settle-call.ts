import type { CallSummary } from '../contract/entities.ts';
import type { StreamFacts } from '../dialects/dialect.ts';
import type { CallEnd, CallError, CallStatus, CostSource } from '../domain/call.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { TokenUsage } from '../domain/token-usage.ts';
import type { Ledger } from '../store/ledger.ts';
import type { OpenCall } from './open-call.ts';
import { summariseCall } from './summarise-call.ts';

export interface Metering {
  priceCall(question: { provider: string; model: string; servedModel: string | null; at: number; usage: TokenUsage }): {
    costNanoUsd: number | null;
    costSource: CostSource;
    priceRow: { id: string } | null;
  };
}

export interface SettleDependencies {
  ledger: Pick<Ledger, 'recordEnd' | 'recordBodies'>;
  metering: Metering;
  redact(text: string): string;
  recordsBodies(): boolean;
  onFinished(call: CallSummary, usage: TokenUsage | null): void;
}

export interface CallOutcome {
  status: Exclude<CallStatus, 'started'>;
  httpStatus: number;
  facts: Partial<StreamFacts> | null;
  error: GatewayError | null;
  /** Bytes of the answer that leave right after the record is written. */
  pendingBytes?: number;
}

/**
 * Writes the final record of a call, once: usage, cost, status. On disk when it returns, and called before the last byte
 * goes to the caller, so whatever end a caller has seen is in the ledger. Gives the cost in nano-dollars; null = unknown.
 */
export function settleCall(dependencies: SettleDependencies, call: OpenCall, outcome: CallOutcome): number | null {
  if (call.settled || call.start === null) return null;
  call.settled = true;
  // An answer fetched again was paid for when it was made.
  const usage = call.route.stored ? null : (outcome.facts?.usage ?? call.usage);
  const servedModel = outcome.facts?.model ?? null;
  const priced =
    usage === null || call.target === null
      ? { costNanoUsd: null, costSource: 'unknown' as const, priceRow: null }
      : dependencies.metering.priceCall({
          provider: call.target.provider.id,
          model: call.target.model,
          servedModel,
          at: call.startedAt,
          usage,
        });
  const end: CallEnd = {
    id: call.id,
    status: outcome.status,
    httpStatus: outcome.httpStatus,
    durationMs: Math.round(call.elapsed()),
    firstByteMs: call.firstByteMs === null ? null : Math.round(call.firstByteMs),
    responseBytes: call.responseBytes + (outcome.pendingBytes ?? 0),
    servedModel,
    responseId: outcome.facts?.responseId ?? null,
    finishReason: outcome.facts?.finishReason ?? null,
    usage,
    ...priced,
    losses: call.losses,
    attempts: call.attempts,
    error: outcome.error === null ? null : describeError(outcome.error, dependencies.redact),
  };
  dependencies.ledger.recordEnd(end);
  dependencies.onFinished(summariseCall(call.start, end), usage);
  return priced.costNanoUsd;
}

/** After the last byte: hands the bodies over and lets go of everything. */
export function closeCall(dependencies: SettleDependencies, call: OpenCall): void {
  if (call.closed) return;
  call.closed = true;
  if (call.start !== null && dependencies.recordsBodies()) {
    dependencies.ledger.recordBodies(call.id, {
      request: call.body,
      response: call.sent,
      upstreamRequest: call.upstreamBody,
      upstreamResponse: call.received.length > 0 ? call.received : null,
    });
  }
  call.sent = [];
  call.received = [];
}

function describeError(error: GatewayError, redact: (text: string) => string): CallError {
  return {
    code: error.code,
    message: redact(error.fault?.message ?? error.message).slice(0, 4000),
    providerType: error.fault?.providerType ?? null,
    providerCode: error.fault?.providerCode ?? null,
  };
}
