import type { Dialect, StreamFacts } from '../dialects/dialect.ts';
import { renderSse } from '../dialects/sse.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { addFlag } from '../domain/token-usage.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { explainFault } from './explain-fault.ts';
import { createUsageHider } from './hide-usage.ts';
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

/** Same dialect on both sides: every byte goes on as it came; the end is watched for, the facts are read once, then. */
export function relayStream(options: StreamRelayOptions): void {
  const { call, reply, dialect } = options;
  const hide = options.hidesUsage ? createUsageHider() : null;
  /** The provider's own bytes; the same as those sent unless a usage chunk is hidden. */
  const received = hide === null ? call.sent : call.received;
  let tail: Buffer = Buffer.alloc(0);
  let endsLine = true;

  const settleFrom = (facts: StreamFacts): void => {
    const { fault } = facts;
    if (fault === null) options.settle({ status: 'ok', httpStatus: reply.status, facts, error: null });
    else
      options.settle({
        status: 'error',
        httpStatus: reply.status,
        facts,
        error: explainFault(fault, options.providerName, call.target?.byok === true, null),
      });
  };

  /** The final record is written before the bytes that show the caller the end (`pendingBytes` of them). */
  const watchEnd = (chunk: Buffer, pendingBytes: number): void => {
    tail = chunk.length >= tailBytes ? chunk : Buffer.concat([tail.subarray(-tailBytes), chunk]);
    if (!dialect.endsStream(tail)) return;
    const facts = dialect.readStream(hide === null ? [...received, chunk] : received);
    if (!facts.complete && facts.fault === null) return;
    call.responseBytes += pendingBytes;
    settleFrom(facts);
    call.responseBytes -= pendingBytes;
  };

  reply.consume({
    onData(chunk) {
      if (hide !== null) received.push(chunk);
      const bytes = hide === null ? chunk : hide.push(chunk);
      if (!call.settled) watchEnd(chunk, bytes?.length ?? 0);
      endsLine = chunk[chunk.length - 1] === 10;
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
    // Half an event is worth nothing to the caller of a stream that broke off, and would hide the error behind it.
    const rest = error === null ? (hide?.end() ?? null) : null;
    if (!call.settled) {
      const facts = dialect.readStream(received);
      if (facts.complete || facts.fault !== null) {
        call.responseBytes += rest?.length ?? 0;
        settleFrom(facts);
        call.responseBytes -= rest?.length ?? 0;
      } else
        return cut(facts, error ?? new GatewayError('upstream_stream_cut', `${options.providerName} ended its answer before it was complete.`));
    }
    if (rest !== null) writeToCaller(call, rest);
    call.response.end();
    options.close();
  }

  /** The caller got every valid byte; now it learns that there is no more, in words its SDK raises as an error. */
  function cut(facts: StreamFacts, error: GatewayError): void {
    const frame = Buffer.from(renderSse(dialect.renderStreamError(error)));
    const usage = facts.usage === null ? null : { ...facts.usage, flags: addFlag(facts.usage.flags, 'usage_partial') };
    call.responseBytes += frame.length;
    options.settle({ status: 'upstream_truncated', httpStatus: reply.status, facts: { ...facts, usage }, error });
    call.responseBytes -= frame.length;
    // A blank line first: the broken event must not swallow ours.
    writeToCaller(call, endsLine ? frame : Buffer.concat([Buffer.from('\n\n'), frame]));
    call.response.end();
    options.close();
  }
}
