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
  let usage: TokenUsage | null = null;
  let responseId: string | null = null;
  let servedModel: string | null = null;
  let finishReason: string | null = null;
  const silence = setTimeout(function tick() {
    if (opened && !ended) writeToCaller(call, ping);
    silence.refresh();
  }, pingAfterMs);

  const facts = () => ({ usage, responseId, model: servedModel, finishReason });

  function take(events: ChatEvent[]): string {
    let text = '';
    for (const event of events) {
      if (ended) break;
      options.onEvent(event);
      if (event.type === 'start') {
        responseId = event.id;
        servedModel = event.model;
      } else if (event.type === 'usage') {
        usage = event.usage;
        call.usage = usage;
      } else if (event.type === 'finish') finishReason = event.reason;
      else if (event.type === 'error')
        return text + failWith('error', explainFault(event.fault, options.providerName, call.target?.byok === true, null));
      for (const out of render(event)) text += renderSse(out);
      if (event.type === 'end') {
        ended = true;
        options.settle({ status: 'ok', httpStatus: 200, facts: facts(), error: null });
      }
    }
    return text;
  }

  /** Gives the frame to send, or "" when the fault could still be answered as an HTTP error. */
  function failWith(status: 'error' | 'upstream_truncated', error: GatewayError): string {
    ended = true;
    if (!opened) {
      options.fail(error);
      return '';
    }
    options.settle({ status, httpStatus: 200, facts: facts(), error });
    return renderSse(options.callerDialect.renderStreamError(error));
  }

  function send(text: string): boolean {
    if (text === '') return true;
    if (!opened) {
      opened = true;
      options.openReply();
    }
    return writeToCaller(call, Buffer.from(text));
  }

  function finish(error: GatewayError | null): void {
    if (finished) return;
    finished = true;
    clearTimeout(silence);
    if (!ended) send(take(error === null ? [...sse.end().flatMap(parse), ...parse(null)] : []));
    if (!ended) {
      send(
        failWith(
          'upstream_truncated',
          error ?? new GatewayError('upstream_stream_cut', `${options.providerName} ended its answer before it was complete.`),
        ),
      );
    }
    if (opened) call.response.end();
    options.close();
  }

  reply.consume({
    onData(chunk) {
      silence.refresh();
      if (ended) return true;
      call.received.push(chunk);
      let text = '';
      for (const event of sse.push(chunk)) text += take(parse(event));
      const flows = send(text);
      if (ended) {
        // Whatever still comes is of no use; the connection is read to its end so that it can serve the next call.
        finish(null);
        return true;
      }
      if (flows) return true;
      call.response.once('drain', () => reply.resume());
      return false;
    },
    onEnd: () => finish(null),
    onError: finish,
  });
}
