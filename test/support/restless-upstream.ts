import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createRandom } from './random.ts';

export interface RestlessUpstream {
  readonly origin: string;
  /** How often each user text arrived as a whole request. */
  readonly seen: ReadonlyMap<string, number>;
  /** Idle connections it closed. */
  readonly closings: number;
  close(): Promise<void>;
}

/** Answers every chat, and closes connections that have been idle for a random while of 0 to `maxIdleMs`: a server being restarted. */
export async function openRestlessUpstream(seed: number, maxIdleMs: number): Promise<RestlessUpstream> {
  const random = createRandom(seed);
  const seen = new Map<string, number>();
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  let closings = 0;

  const server = createServer(async (request, response) => {
    const { socket } = request;
    busy.add(socket);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = (JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] }).messages[0]?.content ?? '';
    seen.set(text, (seen.get(text) ?? 0) + 1);
    const message = { role: 'assistant', content: text };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    response.on('finish', () => {
      busy.delete(socket);
      setTimeout(
        () => {
          if (busy.has(socket) || socket.destroyed) return;
          closings++;
          socket.destroy();
        },
        random.below(maxIdleMs + 1),
      );
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get closings() {
      return closings;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
