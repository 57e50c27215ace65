import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamReply } from './call-upstream.ts';

/** A whole JSON answer beyond this is refused: nothing legitimate is, and it would be held in memory. */
const maxReplyBytes = 256 * 1024 * 1024;

/** Reads a reply to its end. @throws GatewayError upstream_stream_cut | upstream_timeout | upstream_bad_reply | client_closed */
export function collectReply(reply: UpstreamReply, maxBytes = maxReplyBytes): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    reply.consume({
      onData(chunk) {
        length += chunk.length;
        if (length <= maxBytes) chunks.push(chunk);
        else {
          reply.abort();
          reject(new GatewayError('upstream_bad_reply', `The answer is larger than ${maxBytes} bytes.`));
        }
        return true;
      },
      onEnd: () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length)),
      onError: reject,
    });
  });
}

/** JSON of an upstream's reply. @throws GatewayError upstream_bad_reply */
export function parseReply(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new GatewayError('upstream_bad_reply', 'The provider answered with something that is not JSON.', { cause });
  }
}

/** JSON if it is JSON, the text otherwise: error bodies come as HTML, text or nothing. */
export function parseErrorBody(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
