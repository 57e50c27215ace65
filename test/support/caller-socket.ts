import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** A caller that can hang up, or read as slowly as it likes. */
export interface CallerSocket {
  readonly request: ClientRequest;
  /** Rejects when the connection breaks before. */
  readonly response: Promise<IncomingMessage>;
  /** Breaks the connection; gives the moment (`performance.now()`). */
  hangUp(): number;
}

export function openCallerSocket(url: string, key: string, body: object, more: Readonly<Record<string, string>> = {}): CallerSocket {
  const { promise: response, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more };
  const outgoing = request(url, { method: 'POST', headers, agent: false }, (incoming) => {
    incoming.on('error', () => {});
    resolve(incoming);
  });
  outgoing.on('error', reject);
  response.catch(() => {});
  outgoing.end(JSON.stringify(body));
  return {
    request: outgoing,
    response,
    hangUp() {
      const at = performance.now();
      outgoing.destroy();
      return at;
    },
  };
}

/** Resolves with the first chunk of the body, which keeps flowing. */
export function readFirstChunk(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    response.once('data', resolve);
    response.once('error', reject);
  });
}
