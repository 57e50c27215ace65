import type { StreamFacts } from '../dialects/dialect.ts';
import type { CallEnd, CallError, CallStart, CallStatus, CostSource, Endpoint } from '../domain/call.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import { addFlag, type TokenUsage } from '../domain/token-usage.ts';
import type { Ledger } from '../store/ledger.ts';
import type { OpenCall } from './open-call.ts';

export interface Metering {
  priceCall(question: { provider: string; model: string; servedModel: string | null; at: number; usage: TokenUsage }): {
    costNanoUsd: number | null;
    costSource: CostSource;
    priceRow: { id: string } | null;
  };
}

export interface SettleDependencies {
  ledger: Pick<Ledger, 'recordEnd' | 'recordBodies' | 'writeNow'>;
  metering: Metering;
  redact(text: string): string;
  recordsBodies(): boolean;
  onFinished(start: CallStart, end: CallEnd): void;
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
 * Writes the final record of a call, once: usage, cost, status. In the journal's file when it returns, and called before the
 * last byte goes to the caller, so whatever end a caller has seen is in the ledger. Gives the cost in nano-dollars; null = unknown.
 */
export function settleCall(dependencies: SettleDependencies, call: OpenCall, outcome: CallOutcome): number | null {
  const costNanoUsd = settleWithTurn(dependencies, call, outcome);
  dependencies.ledger.writeNow();
  return costNanoUsd;
}

/** The same, in the file with the records of other calls: the last byte has to wait for `ledger.written()`. */
export function settleWithTurn(dependencies: SettleDependencies, call: OpenCall, outcome: CallOutcome): number | null {
  if (call.settled || call.start === null) return null;
  call.settled = true;
  // An answer fetched again was paid for when it was made.
  const usage = call.route.stored ? null : readUsage(outcome.facts?.usage ?? call.usage, outcome.status);
  const servedModel = outcome.facts?.model ?? null;
  const priced = priceAnswer(dependencies, call, usage, servedModel, outcome.status);
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
    // Named one by one: what pricing gives besides is not written down.
    costNanoUsd: priced.costNanoUsd,
    costSource: priced.costSource,
    priceRow: priced.priceRow,
    losses: call.losses,
    attempts: call.attempts,
    ...(call.resentAs === null ? {} : { conversion: call.resentAs }),
    error: outcome.error === null ? null : describeError(dependencies, outcome.error),
  };
  dependencies.ledger.recordEnd(end);
  dependencies.onFinished(call.start, end);
  return priced.costNanoUsd;
}

/** Numbers of an answer that did not come to its end are those of the moment. */
function readUsage(usage: TokenUsage | null, status: CallStatus): TokenUsage | null {
  return usage === null || status === 'ok' ? usage : { ...usage, flags: addFlag(usage.flags, 'usage_partial') };
}

/** Requests no provider bills: they have no usage, and that is not "unknown". */
const freeEndpoints: ReadonlySet<Endpoint> = new Set(['count-tokens', 'gemini-count']);

/** OpenAI's moderation costs nothing; other vendors bill theirs, so elsewhere silence stays unknown. */
function isFree({ route, target }: OpenCall): boolean {
  return freeEndpoints.has(route.endpoint) || route.stored || (route.endpoint === 'moderations' && target?.provider.id === 'openai');
}

function priceAnswer(
  { metering }: SettleDependencies,
  call: OpenCall,
  usage: TokenUsage | null,
  servedModel: string | null,
  status: CallStatus,
): Pick<CallEnd, 'costNanoUsd' | 'costSource' | 'priceRow'> {
  const { target } = call;
  if (target !== null && usage !== null) {
    return metering.priceCall({ provider: target.provider.id, model: target.model, servedModel, at: call.startedAt, usage });
  }
  const free = status === 'ok' && isFree(call);
  return { costNanoUsd: free ? 0 : null, costSource: free ? 'free' : 'unknown', priceRow: null };
}

/** After the last byte: hands the bodies over and lets go of everything. */
export function closeCall(dependencies: SettleDependencies, call: OpenCall): void {
  if (call.closed) return;
  call.closed = true;
  const response = call.sent.release();
  const upstreamResponse = call.received.chunks.length > 0 ? call.received.release() : null;
  if (call.start === null || !dependencies.recordsBodies()) return;
  // Vectors are megabytes of digits nobody reads back.
  const answers = isEmbedding(call) ? { response: null, upstreamResponse: null } : { response, upstreamResponse };
  dependencies.ledger.recordBodies(call.id, { request: call.body, upstreamRequest: call.upstreamBody, ...answers });
}

function isEmbedding({ route }: OpenCall): boolean {
  return route.endpoint === 'embeddings' || route.endpoint === 'gemini-embed';
}

/** Providers quote prompts in their errors, so their words are kept only where bodies are. */
function describeError({ redact, recordsBodies }: SettleDependencies, error: GatewayError): CallError {
  const theirs = recordsBodies() ? error.fault?.message : 'The provider’s words are not recorded.';
  return {
    code: error.code,
    message: redact((error.fault === null ? null : theirs) ?? error.message).slice(0, 4000),
    providerType: error.fault?.providerType ?? null,
    providerCode: error.fault?.providerCode ?? null,
  };
}
