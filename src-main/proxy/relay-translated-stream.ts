import type { CallerSide, Dialect } from '../dialects/dialect.ts';
import { createSseParser, renderSse, type SseEvent } from '../dialects/sse.ts';
import type { ChatEvent } from '../domain/chat-event.ts';
import type { ReasoningOrigin } from '../domain/conversation.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { TokenUsage } from '../domain/token-usage.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { explainFault } from './explain-fault.ts';
import { type OpenCall, writeToCaller } from './open-call.ts';
import type { CallOutcome } from './settle-call.ts';

export interface TranslatedStreamOptions {
  call: OpenCall;
  reply: UpstreamReply;
  callerDialect: Dialect;
  caller: CallerSide;
  parse(event: SseEvent | null): ChatEvent[];
  /** The caller's name for the model. */
  requestedModel: string;
  includeUsage: boolean;
  reasoningOrigin: ReasoningOrigin;
  providerName: string;
  /** Sends status and headers; called once, when the first event of substance is there. */
  openReply(): void;
  settle(outcome: CallOutcome): void;
  close(): void;
  /** No byte has reached the caller yet: the fault is answered as a plain HTTP error. */
  fail(error: GatewayError): void;
  onEvent(event: ChatEvent): void;
}

/** Proxies and SDKs drop a connection that is silent while a model thinks. A comment is no event to any SSE reader. */
const pingAfterMs = 12_000;
const ping = Buffer.from(': ping\n\n');

/** Another dialect at the provider: its events become neutral ones, those become the caller's. */
export function relayTranslatedStream(options: TranslatedStreamOptions): void {
  const { call, reply } = options;
  const sse = createSseParser();
  const { parse } = options;
  const render = options.caller.createStreamRenderer({
    model: options.requestedModel,
    includeUsage: options.includeUsage,
    createdAt: call.startedAt,
    reasoningOrigin: options.reasoningOrigin,
  });
  let opened = false;
  let ended = false;
  let finished = false;
  /** Rendered, not yet sent. The opening alone is held back: a fault right behind it can still be a plain HTTP error. */
  let pending = '';
  let hasSubstance = false;
  let usage: TokenUsage | null = null;
  let responseId: string | null = null;
  let servedModel: string | null = null;
  let finishReason: string | null = null;
  const silence = setTimeout(function tick() {
    if (!ended && (opened || pending !== '')) {
      flush();
      writeToCaller(call, ping);
    }
    silence.refresh();
  }, pingAfterMs);

  function settle(status: CallOutcome['status'], error: GatewayError | null): void {
    const facts = { usage, responseId, model: servedModel, finishReason };
    options.settle({ status, httpStatus: 200, facts, error, pendingBytes: Buffer.byteLength(pending) });
  }

  function take(event: ChatEvent): void {
    if (ended) return;
    options.onEvent(event);
    if (event.type === 'start') {
      responseId = event.id;
      servedModel = event.model;
    } else if (event.type === 'usage') {
      usage = event.usage;
      call.usage = usage;
    } else if (event.type === 'finish') finishReason = event.reason;
    else if (event.type === 'error') {
      failWith('error', explainFault(event.fault, options.providerName, call.target?.byok === true, null));
      return;
    }
    for (const out of render(event)) {
      pending += renderSse(out);
      hasSubstance ||= event.type !== 'start';
    }
    if (event.type === 'end') {
      ended = true;
      settle('ok', null);
    }
  }

  function failWith(status: 'error' | 'upstream_truncated' | 'interrupted', error: GatewayError): void {
    ended = true;
    if (!opened) {
      pending = '';
      options.fail(error);
      return;
    }
    pending += renderSse(options.callerDialect.renderStreamError(error));
    settle(status, error);
  }

  /** false = the caller's socket is full. */
  function flush(): boolean {
    if (pending === '') return true;
    if (!opened) {
      opened = true;
      options.openReply();
    }
    const bytes = Buffer.from(pending);
    pending = '';
    return writeToCaller(call, bytes);
  }

  function finish(error: GatewayError | null): void {
    if (finished) return;
    finished = true;
    clearTimeout(silence);
    if (call.hungUp) return;
    if (error === null && !ended) for (const event of [...sse.end(), null]) parse(event).forEach(take);
    if (!ended) {
      const why = `${options.providerName} ended its answer before it was complete.`;
      failWith(error?.code === 'not_ready' ? 'interrupted' : 'upstream_truncated', error ?? new GatewayError('upstream_stream_cut', why));
    }
    flush();
    if (opened) call.response.end();
    options.close();
  }

  reply.consume({
    onData(chunk) {
      silence.refresh();
      if (ended) return true;
      call.received.push(chunk);
      for (const event of sse.push(chunk)) parse(event).forEach(take);
      const flows = hasSubstance ? flush() : true;
      // Whatever still comes is of no use; the connection is read to its end so that it can serve the next call.
      if (ended) finish(null);
      if (ended || flows) return true;
      call.response.once('drain', () => reply.resume());
      return false;
    },
    onEnd: () => finish(null),
    onError: finish,
  });
}
