import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DeadEndProxy {
  readonly url: string;
  /** "host:port" of everything a client wanted to reach, in order. */
  readonly wanted: readonly string[];
  close(): Promise<void>;
}

/** The proxy for the rest of the world: it lets nobody out and remembers who tried. */
export async function openDeadEndProxy(): Promise<DeadEndProxy> {
  const wanted: string[] = [];
  const server = createServer((request, response) => {
    wanted.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    wanted.push(request.url ?? '');
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wanted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
