import { GatewayError } from '../domain/gateway-error.ts';

/** What the boundary looks at; an `IncomingMessage` fits. `rawHeaders` because it is the only list that keeps duplicates. */
export interface BoundaryRequest {
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** `host:port` as a client has to write it in `Host`: "127.0.0.1:7979", "localhost:7979", "[::1]:7979". Lower case. */
export interface AllowedHosts {
  readonly hosts: ReadonlySet<string>;
}

/**
 * Decides whether a request may enter at all; runs before everything else, on every path. null = it may.
 *
 * Threat: any web page the user visits can send requests to loopback. A page that rebinds its own name to 127.0.0.1 is
 * same-origin to itself and shows up only in `Host`; a page on another port of this machine is `same-site` to the
 * browser, so `same-site` is an attacker's value here. Programs that are no browser send neither Origin nor Sec-Fetch-*.
 *
 * One pass over the raw headers; nothing is allocated for a request without `Origin`.
 */
export function checkBoundary(request: BoundaryRequest, allowed: AllowedHosts): GatewayError | null {
  const { rawHeaders, url } = request;
  let host: string | null = null;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    if (name.length === HOST.length && isHeader(name, HOST)) {
      if (host !== null) return refuseHost('more than one Host header', allowed);
      host = value;
    } else if (name.length === ORIGIN.length && isHeader(name, ORIGIN)) {
      if (!isOwnOrigin(value, allowed)) return refuseOrigin(value);
    } else if (name.length === FETCH_SITE.length && isHeader(name, FETCH_SITE)) {
      if (value !== 'same-origin' && value !== 'none') return refuseFetchSite(value);
    }
  }
  if (host === null) return refuseHost('no Host header', allowed);
  // Lower-casing changes nothing but the letters of "localhost": the numeric names have none.
  if (!allowed.hosts.has(host) && !allowed.hosts.has(host.toLowerCase())) return refuseHost(`host ${quote(host)}`, allowed);
  // "GET http://other/ HTTP/1.1" names a second host; routers and proxies disagree on which one counts.
  if (url === undefined || url.charCodeAt(0) !== SLASH) return refuseHost('a request target that is not a path', allowed);
  return null;
}

const HOST = 'host';
const ORIGIN = 'origin';
const FETCH_SITE = 'sec-fetch-site';
const SLASH = 47;
const SCHEME = 'http://';

/** Letters of any case; both of one length. Header names hold no control characters, so setting bit 5 confuses none. */
function isHeader(name: string, lowerCase: string): boolean {
  for (let i = 0; i < lowerCase.length; i++) if ((name.charCodeAt(i) | 32) !== lowerCase.charCodeAt(i)) return false;
  return true;
}

function isOwnOrigin(origin: string, allowed: AllowedHosts): boolean {
  return origin.startsWith(SCHEME) && allowed.hosts.has(origin.slice(SCHEME.length));
}

function refuseHost(what: string, allowed: AllowedHosts): GatewayError {
  const names = [...allowed.hosts].join(', ');
  return new GatewayError('forbidden_host', `Tollgate refused ${what}. It answers only to ${names}: use one of these as base URL.`);
}

function refuseOrigin(origin: string): GatewayError {
  return new GatewayError(
    'forbidden_origin',
    `Tollgate refused a request from the web page ${quote(origin)}. Web pages may not use it; call it from a program or open its own page.`,
  );
}

function refuseFetchSite(site: string): GatewayError {
  return new GatewayError(
    'forbidden_origin',
    `Tollgate refused a request that a web page of another origin made (Sec-Fetch-Site: ${quote(site)}). If you followed a link, type the address into the browser instead.`,
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
