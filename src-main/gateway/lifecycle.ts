import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Where the CLI finds us. Holds no secret. Gives the function that takes it away. */
export function announceGateway(dataDir: string, facts: { url: string; pid: number; version: string }): () => void {
  const path = join(dataDir, 'gateway.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => rmSync(path, { force: true });
}

const unaskedOf = new WeakMap<Server, Set<Socket>>();

/**
 * Keeps track of connections on which nothing was asked yet: browsers open some ahead, and Node takes them for busy ones,
 * so that they would hold up the end for as long as an open answer may.
 */
export function trackUnasked(server: Server): Server {
  const unasked = new Set<Socket>();
  unaskedOf.set(server, unasked);
  server.on('connection', (socket) => unasked.add(socket.once('close', () => unasked.delete(socket))));
  return server.on('request', ({ socket }) => void unasked.delete(socket));
}

/** For the callers to read the error that ended their answers. */
const lastWordsMs = 1_000;

/**
 * No new connections; open answers get `graceMs`, then `interrupt` ends them with an error of their dialect.
 * Whatever still has a connection after that loses it.
 */
export async function drainServers(servers: readonly Server[], graceMs: number, interrupt: () => void): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        for (const socket of unaskedOf.get(server) ?? []) socket.destroy();
      }),
  );
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, 100);
  const deadlines = [
    setTimeout(interrupt, graceMs),
    setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, graceMs + lastWordsMs),
  ];
  await Promise.all(closed);
  clearInterval(sweep);
  deadlines.forEach(clearTimeout);
}
