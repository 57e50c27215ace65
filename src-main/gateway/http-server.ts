import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { refuseBrokenRequest } from '../admin/error-replies.ts';
import { securityHeaders } from '../admin/security-headers.ts';
import { dialects } from '../dialects/registry.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import { matchDataRoute } from '../proxy/data-routes.ts';
import type { ProxyCall } from '../proxy/proxy-call.ts';
import { renderErrorReply } from '../proxy/reply-error.ts';
import { type AllowedHosts, checkBoundary } from './boundary.ts';

// Not `import`: as an ES module node:http shows all it has, and showing its WebSocket loads Node's own copy of undici
// (30 ms and 14 MB at every start).
const { createServer } = process.getBuiltinModule('node:http');

export interface HttpServerOptions {
  proxyCall: ProxyCall;
  /** Names this server answers to; filled in once the port is known. */
  allowed: AllowedHosts;
  onRefused(error: GatewayError): void;
}

/** A whole head within this, a whole request within that, or the connection closes (slow-loris). Answers may take as long as they take. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;
/** How often Node looks; its own 30 s would add to the limits. */
const checkEveryMs = 2_000;

export const flatSecurityHeaders: readonly string[] = securityHeaders.flat();

/**
 * One handler for both planes. Every request passes the boundary first; a data path goes straight to the proxy (a router in
 * front costs up to a quarter of a call), everything else to the control plane.
 */
export function createRequestListener(options: HttpServerOptions, controlPlane: RequestListener): RequestListener {
  const matchRoute = rememberLast(matchDataRoute);
  return (request, response) => {
    const refused = checkBoundary(request, options.allowed);
    const route = matchRoute(request.method ?? '', request.url ?? '');
    if (refused !== null) {
      options.onRefused(refused);
      return refuse(response, renderErrorReply(dialects[route?.dialect ?? 'openai-chat'], refused, []));
    }
    if (route !== null) void options.proxyCall(request, response, route);
    else if (request.method === 'HEAD' && isProbe(request.url)) answerProbe(response);
    else controlPlane(request, response);
  };
}

/** A program calls the same path again and again. */
function rememberLast(match: typeof matchDataRoute): typeof matchDataRoute {
  let last = { method: '', url: '', route: match('', '') };
  return (method, url) => {
    if (method !== last.method || url !== last.url) last = { method, url, route: match(method, url) };
    return last.route;
  };
}

/** Server for both planes. Upgrades get 426: Codex tries a WebSocket first and falls back at once on it. */
export function createHttpServer(listener: RequestListener, options: HttpServerOptions): Server {
  const server = createServer(
    {
      noDelay: true,
      keepAliveTimeout: 75_000,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: 65_536,
    },
    listener,
  );
  server.on('upgrade', (request: IncomingMessage, socket) => {
    const refused = checkBoundary(request, options.allowed);
    socket.end(renderUpgradeRefusal(refused === null ? '426 Upgrade Required' : '403 Forbidden'));
  });
  server.on('clientError', refuseBrokenRequest);
  return server;
}

function renderUpgradeRefusal(status: string): string {
  const headers = [...securityHeaders, ['connection', 'close'], ['content-length', '0']].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${headers.join('')}\r\n`;
}

/** Claude Code asks for these before it talks; they say nothing and need no key. */
function isProbe(url: string | undefined): boolean {
  return url === '/' || url === '/api/hello' || url === '/v1' || url === '/v1/';
}

function answerProbe(response: ServerResponse): void {
  response.writeHead(200, [...flatSecurityHeaders]);
  response.end();
}

function refuse(response: ServerResponse, reply: { status: number; headers: string[]; body: Buffer }): void {
  response.writeHead(reply.status, [
    ...flatSecurityHeaders,
    ...reply.headers,
    'content-length',
    String(reply.body.length),
    'connection',
    'close',
  ]);
  response.end(reply.body);
}
