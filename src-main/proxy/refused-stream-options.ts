import type { UpstreamReply } from './call-upstream.ts';
import { collectReply } from './relay-whole.ts';

/**
 * Some servers answer 400 or 422 to `stream_options`, which we may have put in (pitfall S6). Reads the error to tell; when it
 * is about something else, the same reply is given back, to be relayed as if it had not been read.
 */
export async function readRefusedStreamOptions(reply: UpstreamReply): Promise<{ retry: boolean; reply: UpstreamReply }> {
  if (reply.status !== 400 && reply.status !== 422) return { retry: false, reply };
  const body = await collectReply(reply, 1_000_000).catch(() => Buffer.alloc(0));
  const retry = body.includes('stream_options') || body.includes('include_usage');
  return { retry, reply: replayReply(reply, body) };
}

function replayReply(reply: UpstreamReply, body: Buffer): UpstreamReply {
  return {
    status: reply.status,
    headers: reply.headers,
    consume(sink) {
      if (body.length > 0) sink.onData(body);
      sink.onEnd();
    },
    resume() {},
    abort() {},
  };
}
