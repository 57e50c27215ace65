import { GatewayError } from '../domain/gateway-error.ts';

export interface BaseUrl {
  /** "https://api.openai.com"; keys are bound to it. */
  origin: string;
  /** "/v1" or "", without a trailing slash. */
  path: string;
  loopback: boolean;
}

/** Cloud metadata and link-local space: an upstream there is never a model server. */
const forbiddenHosts = /^(169\.254\.|0\.|\[fe[89ab]|\[fd00:ec2:|\[::ffff:|\[::\]|metadata\.|instance-data\.)|\.internal$/i;
const privateHosts = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd])|\.local$/i;

/**
 * Checks a provider's base URL: https anywhere, plain http on loopback or the private network only, no credentials, no
 * query, no metadata address. The URL parser has already folded decimal, octal and hex forms of IPv4.
 * @throws GatewayError invalid_request saying what to change
 */
export function parseBaseUrl(text: string): BaseUrl {
  const refuse = (why: string): never => {
    throw new GatewayError('invalid_request', `Base URL ${JSON.stringify(text.slice(0, 200))} ${why}`, { param: 'baseUrl' });
  };
  if (text.trim() !== text || hasUnsafeCharacter(text)) return refuse('holds spaces, a backslash or control characters.');
  const url = URL.parse(text);
  if (url === null) return refuse('is not a URL. Write it as https://host/path.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse('must start with https:// (or http:// for a server on this machine).');
  if (url.username !== '' || url.password !== '') return refuse('must not hold a user name or password. Give the key separately.');
  if (url.search !== '' || url.hash !== '') return refuse('must not have a query or a fragment.');
  const host = url.hostname.replace(/\.$/, '');
  if (forbiddenHosts.test(host)) return refuse('points to an address that is never a model server (link-local or cloud metadata).');
  const loopback = host === 'localhost' || host === '[::1]' || /^127\./.test(host);
  if (url.protocol === 'http:' && !loopback && !privateHosts.test(host)) return refuse('uses plain http to a public host. Use https.');
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, ''), loopback };
}

function hasUnsafeCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === 127 || code === 92) return true;
  }
  return false;
}
