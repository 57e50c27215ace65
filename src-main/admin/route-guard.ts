import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../domain/gateway-error.ts';

/** Who may call a route: anyone, holders of the admin token or a UI session, holders of a one-time UI code. */
export type RouteGuard = 'public' | 'admin' | 'ui-code';

declare module 'fastify' {
  interface FastifyContextConfig {
    guard?: RouteGuard;
  }
}

/** All that answers without the admin token. The list is closed: a route that is not in it cannot be declared open. */
const openRoutes: ReadonlySet<string> = new Set(['GET /healthz', 'GET /identify', 'GET /*', 'HEAD /*', 'POST /admin/ui-session']);

/**
 * Makes every route guarded by construction: one without a declared guard, or opened without standing in the list,
 * throws while the server is built. The guard is read from the route that was matched, so the decision and the dispatch
 * cannot disagree about the path.
 * @param holdsSession whether a token belongs to a UI session
 */
export function installRouteGuard(app: FastifyInstance, adminToken: string, holdsSession: (token: string) => boolean): void {
  const expected = hash(adminToken);

  app.addHook('onRoute', (route) => {
    const guard = route.config?.guard;
    for (const method of [route.method].flat()) {
      const name = `${method} ${route.url}`;
      if (guard === undefined) throw new Error(`${name} declares no guard`);
      if (guard !== 'admin' && !openRoutes.has(name)) throw new Error(`${name} is not in the list of open routes`);
    }
  });

  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const guard = request.routeOptions.config.guard;
    if (guard === 'public' || guard === 'ui-code') return;
    const token = readBearerToken(request);
    if (token === null)
      throw unauthenticated('needs the admin token: send "Authorization: Bearer …" with the content of DATA_DIR/admin-token');
    if (!timingSafeEqual(hash(token), expected) && !holdsSession(token)) throw unauthenticated('got a token that is not valid');
  });
}

function readBearerToken(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length > 1000 || header.slice(0, 7).toLowerCase() !== 'bearer ') return null;
  return header.slice(7);
}

function unauthenticated(what: string): GatewayError {
  return new GatewayError('unauthenticated', `The admin API ${what}.`);
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
