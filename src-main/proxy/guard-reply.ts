import type { ReplySink, UpstreamReply } from './call-upstream.ts';

/**
 * The same reply, whose sink may throw: the connection is then given up and `fail` told once. Thrown into the HTTP client,
 * a fault of ours in one answer would end the process, or leave its caller waiting.
 */
export function guardReply(reply: UpstreamReply, fail: (thrown: unknown) => void): UpstreamReply {
  return { ...reply, consume: (sink) => reply.consume(guardSink(sink)) };

  function guardSink(sink: ReplySink): ReplySink {
    let failed = false;
    const run = <T>(act: () => T, otherwise: T): T => {
      if (failed) return otherwise;
      try {
        return act();
      } catch (thrown) {
        failed = true;
        reply.abort();
        fail(thrown);
        return otherwise;
      }
    };
    return {
      onData: (chunk) => run(() => sink.onData(chunk), true),
      onEnd: () => run(() => sink.onEnd(), undefined),
      onError: (error) => run(() => sink.onError(error), undefined),
    };
  }
}
