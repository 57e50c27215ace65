import type { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamReply } from './call-upstream.ts';
import { type OpenCall, writeToCaller } from './open-call.ts';
import type { CallOutcome } from './settle-call.ts';

/** Audio, images, files: bytes without usage in them. */
export function relayBinary(call: OpenCall, reply: UpstreamReply, settle: (outcome: CallOutcome) => void, close: () => void): void {
  const finish = (error: GatewayError | null): void => {
    if (call.hungUp) return;
    const status = error === null ? 'ok' : error.code === 'not_ready' ? 'interrupted' : 'upstream_truncated';
    settle({ status, httpStatus: reply.status, facts: null, error });
    // No frame can say it inside binary data: the connection breaks, so that the caller does not take half a file for a whole one.
    if (error === null) call.response.end();
    else call.response.destroy();
    close();
  };
  reply.consume({
    onData(chunk) {
      if (writeToCaller(call, chunk)) return true;
      call.response.once('drain', () => reply.resume());
      return false;
    },
    onEnd: () => finish(null),
    onError: finish,
  });
}
