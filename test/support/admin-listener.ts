import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { createAdminServer } from '../../src-main/admin/create-admin-server.ts';
import { renderErrorBody } from '../../src-main/admin/error-replies.ts';
import { securityHeaders } from '../../src-main/admin/security-headers.ts';
import type { GatewayError } from '../../src-main/domain/gateway-error.ts';
import { checkBoundary } from '../../src-main/gateway/boundary.ts';
import { createFakeServices, type FakeServices } from './admin-fakes.ts';

export const testAdminToken = 'admin-token-of-the-tests-0123456789';

/** A gateway's control plane on a real port: `checkBoundary` in front, the admin server behind. */
export interface AdminListener {
  url: string;
  port: number;
  services: FakeServices;
  app: FastifyInstance;
  /** Every route Fastify was given, as "METHOD /path". */
  routes: { method: string; path: string; guard: string | undefined }[];
  /** Requests that got past the boundary, and those it refused. */
  entered: string[];
  refused: string[];
  failures: unknown[];
  close(): Promise<void>;
}

interface ListenerOptions {
  /** false = negative control: the same server without the boundary. */
  boundary?: boolean;
  uiDir?: string | null;
  eventPingMs?: number;
  adminToken?: string;
  /** Default: a free one. */
  port?: number;
}

export async function openAdminListener(options: ListenerOptions = {}): Promise<AdminListener> {
  const services = createFakeServices();
  const hosts = new Set<string>();
  const entered: string[] = [];
  const refused: string[] = [];
  const failures: unknown[] = [];

  const guardServer = (handle: RequestListener): Server =>
    createServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      const refusal = options.boundary === false ? null : checkBoundary(request, { hosts });
      (refusal === null ? entered : refused).push(line);
      if (refusal === null) handle(request, response);
      else sendRefusal(response, refusal);
    });

  const { built: app, routes } = listRoutesOf(() =>
    createAdminServer(services, {
      adminToken: options.adminToken ?? testAdminToken,
      uiDir: options.uiDir ?? null,
      reportFailure: (error) => failures.push(error),
      serverFactory: (handler) => guardServer(handler as RequestListener),
      ...(options.eventPingMs !== undefined && { eventPingMs: options.eventPingMs }),
    }),
  );
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${name}:${port}`);
  services.state.url = `http://127.0.0.1:${port}`;
  // Browsers hold connections open on which nothing was ever asked; a plain close would wait for those.
  const close = async (): Promise<void> => {
    app.server.on('connection', (socket) => socket.destroy());
    for (const socket of sockets) socket.destroy();
    await app.close();
  };
  return { url: services.state.url, port, services, app, routes, entered, refused, failures, close };
}

/** Runs `build` and collects every route that a Fastify instance made in it is given, through Fastify's own channel. */
export function listRoutesOf<T>(build: () => T): { built: T; routes: AdminListener['routes'] } {
  const routes: AdminListener['routes'] = [];
  const watch = (message: unknown): void => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', (route: RouteOptions) => {
      for (const method of [route.method].flat()) routes.push({ method, path: route.url, guard: route.config?.guard });
    });
  };
  subscribe('fastify.initialization', watch);
  try {
    return { built: build(), routes };
  } finally {
    unsubscribe('fastify.initialization', watch);
  }
}

function sendRefusal(response: ServerResponse, error: GatewayError): void {
  for (const [name, value] of securityHeaders) response.setHeader(name, value);
  response.writeHead(error.status, { 'content-type': 'application/json' }).end(JSON.stringify(renderErrorBody(error)));
}
