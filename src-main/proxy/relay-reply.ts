import { renderSse } from '../dialects/sse.ts';
import { createResponseCollector } from '../domain/collect-response.ts';
import type { ChatResponse, ReasoningOrigin } from '../domain/conversation.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { formatNanoUsd } from '../domain/pricing/nano-usd.ts';
import { renderResponseEvents } from '../domain/response-events.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { explainFault } from './explain-fault.ts';
import { containFailure, failCall } from './fail-call.ts';
import { readHeader, selectReplyHeaders, selectRetryHeaders } from './forward-headers.ts';
import { guardReply } from './guard-reply.ts';
import type { OpenCall } from './open-call.ts';
import type { PreparedCall, Translation } from './prepare-call.ts';
import type { ProxyDependencies } from './proxy-dependencies.ts';
import { relayBinary } from './relay-binary.ts';
import { relayStream } from './relay-stream.ts';
import { relayTranslatedStream } from './relay-translated-stream.ts';
import { collectReply, parseErrorBody, parseReply } from './relay-whole.ts';
import { renderErrorReply, toGatewayError } from './reply-error.ts';
import type { Target } from './resolve-target.ts';
import { readRetryAfterMs } from './retry-policy.ts';
import { type CallOutcome, closeCall, settleCall, settleWithTurn } from './settle-call.ts';

const streamHeaders = ['content-type', 'text/event-stream; charset=utf-8'];

/** Everything a relay needs about one exchange. */
interface Exchange {
  dependencies: ProxyDependencies;
  call: OpenCall;
  target: Target;
  reply: UpstreamReply;
}

/** Brings the provider's answer to the caller: whole or streamed, as it came or translated, or its error. */
export async function relayReply(
  dependencies: ProxyDependencies,
  call: OpenCall,
  target: Target,
  prepared: PreparedCall,
  reply: UpstreamReply,
): Promise<void> {
  const fail = (thrown: unknown): void => {
    containFailure(dependencies, call, () => failCall(dependencies, call, toGatewayError(thrown)));
  };
  const exchange = { dependencies, call, target, reply: guardReply(reply, fail) };
  if (reply.status >= 400) return relayFault(exchange, prepared.translation !== null || prepared.embeddings !== null);
  if (reply.status >= 300) {
    reply.abort();
    const location = readHeader(reply.headers, 'location') ?? 'nowhere';
    throw new GatewayError(
      'upstream_redirect',
      `${target.provider.definition.name} redirects to ${dependencies.redact(location).slice(0, 300)}. Redirects are not followed; set that address as the base URL.`,
    );
  }
  if (prepared.embeddings !== null) return relayWhole(exchange, prepared.embeddings.parse);
  if (prepared.translation !== null) return relayTranslation(exchange, prepared.translation);
  const type = readHeader(reply.headers, 'content-type') ?? '';
  if (type.startsWith('text/event-stream') || call.route.upstreamPath.endsWith(':streamGenerateContent')) {
    return relayAsStream(exchange, prepared.hidesUsage);
  }
  if (type.includes('json') || type === '') return relayWhole(exchange, null);
  openReply(exchange, selectReplyHeaders(reply.headers));
  relayBinary(call, exchange.reply, settler(exchange), closer(exchange));
}

/** The provider's error: as it came where both speak the same dialect, else in the caller's; our key masked in either. */
async function relayFault(exchange: Exchange, translated: boolean): Promise<void> {
  const { dependencies, call, target, reply } = exchange;
  const body = await collectReply(reply, 10_000_000).catch(() => Buffer.alloc(0));
  if (call.hungUp) return;
  const fault = dependencies.dialects[target.upstreamDialect].parseError(reply.status, parseErrorBody(body));
  const safe = { ...fault, message: dependencies.redact(fault.message) };
  const retryAfterMs = readRetryAfterMs(
    readHeader(reply.headers, 'retry-after-ms'),
    readHeader(reply.headers, 'retry-after'),
    dependencies.clock(),
  );
  const error = explainFault(safe, target.provider.definition.name, target.byok, retryAfterMs);
  if (translated || body.length === 0) {
    const told = renderErrorReply(dependencies.dialects[call.route.dialect], error, selectRetryHeaders(reply.headers));
    return failCall(dependencies, call, error, translated ? told : { ...told, status: reply.status });
  }
  const text = body.toString('utf8');
  const masked = dependencies.redact(text);
  const answer = masked === text ? body : Buffer.from(masked);
  failCall(dependencies, call, error, { status: reply.status, headers: selectReplyHeaders(reply.headers), body: answer });
}

/** A whole JSON answer; `translate` gives the caller's JSON and the facts when the dialects differ. */
async function relayWhole(
  exchange: Exchange,
  translate: ((body: Buffer) => { json: unknown; facts: CallOutcome['facts'] }) | null,
): Promise<void> {
  const { dependencies, call, target, reply } = exchange;
  const received = await collectReply(reply);
  if (call.hungUp) return;
  const translated = translate?.(received) ?? null;
  const facts = translated?.facts ?? dependencies.dialects[target.upstreamDialect].readReply(received);
  const body = translated === null ? received : Buffer.from(JSON.stringify(translated.json));
  if (translated !== null) call.received.push(received);
  call.firstByteMs = call.elapsed();
  call.responseBytes = body.length;
  call.sent.push(body);
  const costNanoUsd = settleWithTurn(dependencies.settle, call, { status: 'ok', httpStatus: reply.status, facts, error: null });
  await dependencies.ledger.written();
  if (call.hungUp) return;
  const headers = translated === null ? selectReplyHeaders(reply.headers) : ['content-type', 'application/json; charset=utf-8'];
  if (costNanoUsd !== null) headers.push('x-tollgate-cost-usd', formatNanoUsd(costNanoUsd));
  headers.push('x-tollgate-call-id', call.idText, 'content-length', String(body.length));
  call.response.writeHead(reply.status, dependencies.baseHeaders.concat(headers));
  call.response.end(body);
  closeCall(dependencies.settle, call);
}

function relayAsStream(exchange: Exchange, hidesUsage: boolean): void {
  const { dependencies, call, target, reply } = exchange;
  openReply(exchange, selectReplyHeaders(reply.headers));
  relayStream({
    call,
    reply,
    dialect: dependencies.dialects[target.upstreamDialect],
    hidesUsage,
    providerName: target.provider.definition.name,
    settle: settler(exchange),
    close: closer(exchange),
  });
}

async function relayTranslation(exchange: Exchange, translation: Translation): Promise<void> {
  const { dependencies, call, target, reply } = exchange;
  const requestedModel = call.start?.requestedModel ?? target.model;
  const streams = (readHeader(reply.headers, 'content-type') ?? '').startsWith('text/event-stream');
  if (!translation.stream) return relayWhole(exchange, (body) => readTranslated(exchange, translation, parseReply(body), requestedModel));
  if (!streams) return relayUnstreamed(exchange, translation, requestedModel);
  // A turn is remembered by its tool calls. The texts of one, thousands of small pieces, live as long as the stream and then make V8 mark its heap.
  const turn = translation.hasTools ? createResponseCollector(call.startedAt) : null;
  relayTranslatedStream({
    call,
    reply,
    callerDialect: dependencies.dialects[call.route.dialect],
    caller: translation.caller,
    parse: translation.upstream.createStreamParser(translation.model, translation.toolNames),
    requestedModel,
    includeUsage: translation.includeUsage,
    reasoningOrigin: originOf(target),
    providerName: target.provider.definition.name,
    openReply: () => openReply(exchange, streamHeaders),
    settle: settler(exchange),
    close: closer(exchange),
    fail: (error) => failCall(dependencies, call, error),
    onEvent(event) {
      turn?.take(event);
      if (turn !== null && event.type === 'end') rememberTurn(exchange, turn.response);
    },
  });
}

/** Asked for a stream, got whole JSON: the caller gets its stream all the same. */
async function relayUnstreamed(exchange: Exchange, translation: Translation, requestedModel: string): Promise<void> {
  const { dependencies, call, reply } = exchange;
  const received = await collectReply(reply);
  if (call.hungUp) return;
  call.received.push(received);
  const { response, facts } = parseWhole(exchange, translation, parseReply(received));
  const render = translation.caller.createStreamRenderer({
    model: requestedModel,
    includeUsage: translation.includeUsage,
    createdAt: call.startedAt,
    reasoningOrigin: originOf(exchange.target),
  });
  const body = Buffer.from(renderResponseEvents(response).flatMap(render).map(renderSse).join(''));
  call.firstByteMs = call.elapsed();
  call.responseBytes = body.length;
  call.sent.push(body);
  settleCall(dependencies.settle, call, { status: 'ok', httpStatus: 200, facts, error: null });
  openReply(exchange, streamHeaders);
  call.response.end(body);
  closeCall(dependencies.settle, call);
}

function readTranslated(
  exchange: Exchange,
  translation: Translation,
  json: unknown,
  requestedModel: string,
): { json: unknown; facts: CallOutcome['facts'] } {
  const { response, facts } = parseWhole(exchange, translation, json);
  const createdAt = response.createdAt || exchange.call.startedAt;
  return { json: translation.caller.renderResponse({ ...response, model: requestedModel, createdAt }), facts };
}

function parseWhole(exchange: Exchange, translation: Translation, json: unknown): { response: ChatResponse; facts: CallOutcome['facts'] } {
  const response = parseOrExplain(exchange, () => translation.upstream.parseResponse(json, translation.model, translation.toolNames));
  rememberTurn(exchange, response);
  const finishReason = response.choices[0]?.finishReason ?? null;
  return { response, facts: { usage: response.usage, responseId: response.id, model: response.model, finishReason } };
}

/** An error inside a 200. */
function parseOrExplain({ target }: Exchange, parse: () => ChatResponse): ChatResponse {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GatewayError && error.fault !== null)
      throw explainFault(error.fault, target.provider.definition.name, target.byok, null);
    throw error;
  }
}

function rememberTurn({ dependencies, target }: Exchange, response: ChatResponse): void {
  const first = response.choices[0];
  if (first !== undefined) dependencies.reasoning.remember(first.parts, originOf(target));
}

function originOf(target: Target): ReasoningOrigin {
  return { dialect: target.upstreamDialect, model: target.model };
}

function openReply(exchange: Exchange, headers: readonly string[]): void {
  const { dependencies, call, reply } = exchange;
  call.response.writeHead(reply.status, [...dependencies.baseHeaders, 'x-tollgate-call-id', call.idText, ...headers]);
}

function settler(exchange: Exchange): (outcome: CallOutcome) => void {
  return (outcome) => {
    settleCall(exchange.dependencies.settle, exchange.call, outcome);
  };
}

function closer(exchange: Exchange): () => void {
  return () => closeCall(exchange.dependencies.settle, exchange.call);
}
