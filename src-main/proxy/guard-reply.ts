import type { ReplySink, UpstreamReply } from './call-upstream.ts';

/**
 * The same reply, whose sink may throw: the connection is then given up and `fail` told once. Thrown into the HTTP client,
 * a fault of ours in one answer would end the process, or leave its caller waiting.
 */
export function guardReply(reply: UpstreamReply, fail: (thrown: unknown) => void): UpstreamReply {
  return { ...reply, consume: (sink) => reply.consume(guardSink(sink)) };

  function guardSink(sink: ReplySink): ReplySink {
    let failed = false;
    const giveUp = (thrown: unknown): void => {
      failed = true;
      reply.abort();
      fail(thrown);
    };
    return {
      onData(chunk) {
        if (failed) return true;
        try {
          return sink.onData(chunk);
        } catch (thrown) {
          giveUp(thrown);
          return true;
        }
      },
      onEnd() {
        if (failed) return;
        try {
          sink.onEnd();
        } catch (thrown) {
          giveUp(thrown);
        }
      },
      onError(error) {
        if (failed) return;
        try {
          sink.onError(error);
        } catch (thrown) {
          giveUp(thrown);
        }
      },
    };
  }
}
