import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Caller, ProxyConfiguration } from './proxy-configuration.ts';

/** Every place a tool or SDK puts its key; foreign gateways' names make moving here a change of base URL. */
const keyHeaders = [
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'x-litellm-api-key',
  'x-portkey-api-key',
  'helicone-auth',
  'x-bf-vk',
] as const;

/**
 * Finds the caller by its key. A program may send two (Claude Code with both variables set does): the first valid one counts.
 * @throws GatewayError unauthenticated
 */
export function authenticateCaller(configuration: ProxyConfiguration, headers: IncomingHttpHeaders, query: string): Caller {
  let seen = false;
  for (const token of readTokens(headers, query)) {
    seen = true;
    const caller = configuration.findCaller(token);
    if (caller !== null) return caller;
  }
  throw new GatewayError(
    'unauthenticated',
    seen
      ? 'This key is not a Tollgate caller key, or it was revoked. Create one with "tollgate key create --name NAME" and use it as the API key.'
      : 'No API key was sent. Create a caller key with "tollgate key create --name NAME" and send it as the API key.',
  );
}

function* readTokens(headers: IncomingHttpHeaders, query: string): Generator<string> {
  const authorization = headers.authorization;
  if (authorization !== undefined) yield stripBearer(authorization);
  for (const name of keyHeaders) {
    const value = headers[name];
    if (typeof value === 'string') yield stripBearer(value);
  }
  // Google's REST examples put the key in the query; it is read here and never forwarded or logged.
  if (query.includes('key=')) {
    const key = new URLSearchParams(query).get('key');
    if (key !== null) yield key;
  }
}

function stripBearer(value: string): string {
  return value.length > 7 && value.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7).trim() : value;
}
