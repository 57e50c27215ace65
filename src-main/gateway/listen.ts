import type { Server } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import { findPortOwner } from '../machine/port-owner.ts';

/**
 * Binds 127.0.0.1, and ::1 on the same port where the machine has IPv6: "localhost" may mean either, and another
 * program on the other one would be handed the callers' keys.
 * @param createSecond makes the server for ::1
 * @throws GatewayError config_invalid naming the program that holds the port
 */
export async function listenOnLoopback(
  first: Server,
  createSecond: () => Server,
  port: number,
): Promise<{ port: number; servers: Server[] }> {
  for (let tries = 0; ; tries++) {
    const bound = await listen(first, port, '127.0.0.1');
    const second = createSecond();
    try {
      await listen(second, bound, '::1');
      return { port: bound, servers: [first, second] };
    } catch (error) {
      if (isMissingIpv6(error)) return { port: bound, servers: [first] };
      await new Promise((resolve) => first.close(resolve));
      // A free port was asked for and this one is only half free: take another.
      if (port !== 0 || tries > 20) throw explainListenFailure(error, bound, '::1');
    }
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(host === '127.0.0.1' ? explainListenFailure(error, port, host) : error);
    server.once('error', fail);
    server.listen({ port, host, ipv6Only: host === '::1', exclusive: true }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function isMissingIpv6(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL';
}

function explainListenFailure(cause: unknown, port: number, host: string): GatewayError {
  const code = (cause as { code?: unknown } | null)?.code;
  if (code !== 'EADDRINUSE')
    return new GatewayError('config_invalid', `Cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : code}.`, {
      cause,
    });
  const who = findPortOwner(port) ?? 'another program';
  return new GatewayError('config_invalid', `${host}:${port} is already taken by ${who}. Stop it, or choose another port with --port.`, {
    cause,
  });
}
