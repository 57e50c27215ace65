import type { RequestListener, Server } from 'node:http';
import type { AdminServices } from '../admin/admin-services.ts';
import { createAdminServer } from '../admin/create-admin-server.ts';
import type { ProxyCall } from '../proxy/proxy-call.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { createHttpServer, createRequestListener, type HttpServerOptions } from './http-server.ts';
import { trackUnasked } from './lifecycle.ts';
import { listenOnLoopback } from './listen.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface ServerParts {
  options: Pick<GatewayOptions, 'port' | 'uiDir'>;
  adminToken: string;
  admin: AdminServices;
  proxyCall: ProxyCall;
  metrics: Metrics;
  log: Log;
}

export interface OpenServers {
  readonly url: string;
  readonly port: number;
  readonly servers: readonly Server[];
  closeControlPlane(): Promise<void>;
}

/** Both planes on one port of 127.0.0.1 and ::1. @throws GatewayError config_invalid when the port is taken */
export async function openServers(parts: ServerParts): Promise<OpenServers> {
  const hosts = new Set<string>();
  const options: HttpServerOptions = {
    proxyCall: parts.proxyCall,
    allowed: { hosts },
    onRefused: (error) => parts.metrics.countRefused(error.code),
  };
  let listener: RequestListener | null = null;
  const servers: Server[] = [];
  const createServer = (): Server => trackUnasked(createHttpServer((request, response) => listener?.(request, response), options));
  const controlPlane = createAdminServer(parts.admin, {
    adminToken: parts.adminToken,
    uiDir: parts.options.uiDir,
    reportFailure: (error) => parts.log.error('admin request failed', { error }),
    serverFactory(handler) {
      listener = createRequestListener(options, handler);
      servers.push(createServer());
      return servers[0] as Server;
    },
  });
  await controlPlane.ready();
  const [first] = servers;
  if (first === undefined) throw new Error('Fastify did not take our server.');
  const bound = await listenOnLoopback(first, createServer, parts.options.port);
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${name}:${bound.port}`);
  return { url: `http://127.0.0.1:${bound.port}`, port: bound.port, servers: bound.servers, closeControlPlane: () => controlPlane.close() };
}
