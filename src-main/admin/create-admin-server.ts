import type { Server } from 'node:http';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyServerFactory } from 'fastify';
import type { TSchema } from 'typebox';
import type { GatewayError } from '../domain/gateway-error.ts';
import { createAdminHandlers } from './admin-handlers.ts';
import { registerAdminRoutes } from './admin-routes.ts';
import type { AdminServices } from './admin-services.ts';
import { noSuchAddress, refuseBrokenRequest, renderErrorBody, toGatewayError } from './error-replies.ts';
import { registerLiveEvents } from './live-events.ts';
import { registerProbeRoutes } from './probe-routes.ts';
import { createReplyProjection } from './reply-projection.ts';
import { createRequestValidator, type RequestPart } from './request-validator.ts';
import { installRouteGuard } from './route-guard.ts';
import { securityHeaders } from './security-headers.ts';
import { registerUi } from './serve-ui.ts';
import { registerUiSession } from './ui-session-route.ts';
import { createUiSessions } from './ui-sessions.ts';

export interface AdminServerOptions {
  adminToken: string;
  /** The built UI; null or missing on disk = a plain page says what this is. */
  uiDir: string | null;
  /** Who owns the socket: the gateway's server, which runs `checkBoundary` and the data plane first. */
  serverFactory?: FastifyServerFactory<Server>;
  /** Told of every failure that is answered with a status of 500 or above, so that the cause reaches the log. */
  reportFailure?: (error: unknown) => void;
  /** A comment line this often keeps event streams alive through idle timeouts. */
  eventPingMs?: number;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The control plane: everything under /admin, the UI and the probes. It trusts that `checkBoundary` has let the request
 * in; the token check per route is its own.
 * @throws Error when a route declares no guard, or is open without standing in the list of open routes
 */
export function createAdminServer(services: AdminServices, options: AdminServerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1000 },
    clientErrorHandler: refuseBrokenRequest,
    // Runs instead of the hooks, for a path that cannot be decoded.
    frameworkErrors: (error, _request, reply) => {
      setSecurityHeaders(reply);
      sendError(error, reply);
    },
    ...(options.serverFactory && { serverFactory: options.serverFactory }),
    // Both stand in for Fastify's own compilers, which cost 90 ms at start and 11 MB (measured) and coerce bodies.
    schemaController: { compilersFactory: { buildValidator: buildValidator as never, buildSerializer: buildSerializer as never } },
  });
  installReplies(app, options.reportFailure);
  const sessions = createUiSessions(services.clock);
  installRouteGuard(app, options.adminToken, sessions.holds);
  registerProbeRoutes(app, services, options.adminToken);
  registerUiSession(app, sessions);
  registerAdminRoutes(app, createAdminHandlers(services, sessions));
  registerLiveEvents(app, services.events, services.clock, options.eventPingMs ?? 15_000);
  registerUi(app, options.uiDir, services);
  return app;
}

function installReplies(app: FastifyInstance, reportFailure: AdminServerOptions['reportFailure']): void {
  app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply));
  // JSON only: a page can send text/plain or a form to us without asking first, JSON it cannot.
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    void sendError(noSuchAddress(request.method, path), reply);
  });
  app.setErrorHandler<FastifyError>((cause, _request, reply) => {
    const error = sendError(cause, reply);
    if (error.status >= 500) reportFailure?.(cause);
  });
}

function setSecurityHeaders(reply: FastifyReply): void {
  for (const [name, value] of securityHeaders) reply.header(name, value);
}

function sendError(cause: unknown, reply: FastifyReply): GatewayError {
  const error = toGatewayError(cause);
  if (error.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  if (error.retryAfterMs !== null) reply.header('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
  void reply
    .code(error.status)
    .type('application/json')
    .send(JSON.stringify(renderErrorBody(error)));
  return error;
}

function buildValidator() {
  return (route: { schema: TSchema; httpPart: RequestPart }) => createRequestValidator(route.schema, route.httpPart);
}

function buildSerializer() {
  return (route: { schema: TSchema }) => {
    const project = createReplyProjection(route.schema);
    return (value: unknown) => JSON.stringify(project(value));
  };
}
