import type { Dialect, StreamFacts } from '../dialects/dialect.ts';
import { renderSse } from '../dialects/sse.ts';
import { GatewayError } from '../domain/gateway-error.ts';
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

/** Events end in a line feed, so only then can a chunk hold the end; the seam between two small chunks is looked at too. */
const seamBytes = 512;

/** Same dialect on both sides: every byte goes on as it came; the end is watched for, the facts are read once, then. */
export function relayStream(options: StreamRelayOptions): void {
  const { call, reply, dialect } = options;
  const hide = options.hidesUsage ? createUsageHider() : null;
  /** The provider's own bytes; the same as those sent unless a usage chunk is hidden. */
  const received = hide === null ? call.sent : call.received;
  let previous: Buffer | null = null;

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

  reply.consume({
    onData(chunk) {
      if (hide !== null) received.push(chunk);
      if (!call.settled && chunk[chunk.length - 1] === 10) {
        const tail: Buffer = previous !== null && chunk.length < seamBytes ? Buffer.concat([previous.subarray(-seamBytes), chunk]) : chunk;
        if (dialect.endsStream(tail)) {
          const facts = dialect.readStream(hide === null ? [...received, chunk] : received);
          if (facts.complete || facts.fault !== null) {
            call.responseBytes += chunk.length;
            settleFrom(facts);
            call.responseBytes -= chunk.length;
          }
        }
      }
      previous = chunk;
      const bytes = hide === null ? chunk : hide(chunk);
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
    if (!call.settled) {
      const facts = dialect.readStream(received);
      if (facts.complete || facts.fault !== null) settleFrom(facts);
      else cut(facts, error ?? new GatewayError('upstream_stream_cut', `${options.providerName} ended its answer before it was complete.`));
    }
    call.response.end();
    options.close();
  }

  /** The caller got every valid byte; now it learns that there is no more, in words its SDK raises as an error. */
  function cut(facts: StreamFacts, error: GatewayError): void {
    const frame = Buffer.from(renderSse(dialect.renderStreamError(error)));
    const usage = facts.usage === null ? null : { ...facts.usage, flags: [...facts.usage.flags, 'usage_partial' as const] };
    call.responseBytes += frame.length;
    options.settle({ status: 'upstream_truncated', httpStatus: reply.status, facts: { ...facts, usage }, error });
    call.responseBytes -= frame.length;
    // A blank line first: the broken event must not swallow ours.
    writeToCaller(call, previous === null || previous[previous.length - 1] === 10 ? frame : Buffer.concat([Buffer.from('\n\n'), frame]));
  }
}
