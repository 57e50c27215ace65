import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request exactly as the client sent it. */
export interface TappedRequest {
  readonly method: string;
  readonly path: string;
  /** Flat name/value list as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface RecordingTap {
  readonly url: string;
  /** In order of arrival. */
  readonly requests: readonly TappedRequest[];
  close(): Promise<void>;
}

/** Stands between a client and the gateway and keeps what the client sent, so that the gateway's word for it is not needed. */
export async function openRecordingTap(gatewayUrl: string): Promise<RecordingTap> {
  const requests: TappedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    try {
      const request = await readTapped(incoming);
      requests.push(request);
      await relay(gatewayUrl, request, response);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readTapped(incoming: IncomingMessage): Promise<TappedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = '', url = '', rawHeaders } = incoming;
  return { method, path: url, rawHeaders, body: Buffer.concat(chunks) };
}

/** Everything as it came, save for `Host`, which names the tap and would be refused. */
async function relay(gatewayUrl: string, { method, path, rawHeaders, body }: TappedRequest, response: ServerResponse): Promise<void> {
  const { host } = new URL(gatewayUrl);
  const headers = rawHeaders.map((text, index) => (index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host' ? host : text));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = httpRequest(gatewayUrl + path, { method, headers, agent: false }, resolve);
  outgoing.on('error', reject);
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
  const reply = await promise;
  response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
  response.flushHeaders();
  for await (const chunk of reply) response.write(chunk);
  response.end();
}
