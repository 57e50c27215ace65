import type { Dialect, StreamFacts } from '../dialects/dialect.ts';
import { endsSseEvent, renderSse } from '../dialects/sse.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { explainFault } from './explain-fault.ts';
import { createUsageHider } from './hide-usage.ts';
import { factsBytes, KeptAnswer } from './kept-answer.ts';
import { type OpenCall, writeToCaller } from './open-call.ts';
import type { CallOutcome } from './settle-call.ts';

export interface StreamRelayOptions {
  call: OpenCall;
  reply: UpstreamReply;
  dialect: Dialect;
  hidesUsage: boolean;
  providerName: string;
  /** Writes the final record; called before the bytes that show the caller the end. */
  settle(outcome: CallOutcome): void;
  close(): void;
}

/** The last event of a stream may lie in several small chunks; Gemini's finish reason stands hundreds of bytes before its end. */
const tailBytes = 2048;
const LF = 10;

/** Same dialect on both sides: every byte goes on as it came; the end is watched for, the facts are read once, then. */
export function relayStream(options: StreamRelayOptions): void {
  const { call, reply, dialect } = options;
  const hide = options.hidesUsage ? createUsageHider() : null;
  /** The provider's own bytes; the same as those sent unless a usage chunk is hidden. */
  const received = hide === null ? call.sent : new KeptAnswer(factsBytes);
  /** The end of what came, where it is in the middle of an event: the next chunk may make it the last one. */
  let unfinished: Buffer | null = null;
  let endsLine = true;

  const settleFrom = (facts: StreamFacts, pendingBytes: number): void => {
    const { fault } = facts;
    const outcome = { httpStatus: reply.status, facts, pendingBytes };
    if (fault === null) options.settle({ ...outcome, status: 'ok', error: null });
    else
      options.settle({ ...outcome, status: 'error', error: explainFault(fault, options.providerName, call.target?.byok === true, null) });
  };

  const watchEnd = (chunk: Buffer, pendingBytes: number): void => {
    const tail: Buffer = unfinished === null ? chunk : Buffer.concat([unfinished, chunk]);
    unfinished = endsSseEvent(tail) ? null : tail.subarray(-tailBytes);
    if (!dialect.endsStream(tail)) return;
    const facts = dialect.readStream(hide === null ? [...received.chunks, chunk] : received.chunks);
    if (facts.complete || facts.fault !== null) settleFrom(facts, pendingBytes);
  };

  reply.consume({
    onData(chunk) {
      if (hide !== null) received.push(chunk);
      const bytes = hide === null ? chunk : hide.push(chunk);
      if (!call.settled) watchEnd(chunk, bytes?.length ?? 0);
      endsLine = chunk[chunk.length - 1] === LF;
      if (bytes === null || writeToCaller(call, bytes)) return true;
      call.response.once('drain', () => reply.resume());
      return false;
    },
    onEnd() {
      finish(null);
    },
    onError(error) {
      finish(error);
    },
  });

  function finish(error: GatewayError | null): void {
    if (call.hungUp) return;
    const rest = hide?.end() ?? null;
    if (!call.settled) {
      const facts = dialect.readStream(received.chunks);
      if (facts.complete || facts.fault !== null) settleFrom(facts, rest?.length ?? 0);
      else {
        const why = `${options.providerName} ended its answer before it was complete.`;
        cut(facts, error ?? new GatewayError('upstream_stream_cut', why));
        return;
      }
    }
    if (rest !== null) writeToCaller(call, rest);
    call.response.end();
    options.close();
  }

  /** The caller got every valid event; now it learns that there is no more, in words its SDK raises as an error. */
  function cut(facts: StreamFacts, error: GatewayError): void {
    // A blank line first: an event that lacks its end must not swallow ours.
    const frame = Buffer.from((endsLine ? '\n' : '\n\n') + renderSse(dialect.renderStreamError(error)));
    options.settle({
      status: error.code === 'not_ready' ? 'interrupted' : 'upstream_truncated',
      httpStatus: reply.status,
      facts,
      error,
      pendingBytes: frame.length,
    });
    writeToCaller(call, frame);
    call.response.end();
    options.close();
  }
}
