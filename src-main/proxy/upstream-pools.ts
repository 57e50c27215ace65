import { type LookupAddress, lookup as resolveHost } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';

/** Proxy settings of the machine, as the usual environment variables give them; read by the entry. */
export interface NetworkSettings {
  httpsProxy: string | null;
  httpProxy: string | null;
  /** Comma-separated hosts, ".suffixes" or "*". */
  noProxy: string | null;
}

export interface UpstreamPools {
  /** Connections to one origin, kept open between calls. */
  open(origin: string): Dispatcher;
  close(): Promise<void>;
}

const connections = 256;
const connectTimeoutMs = 10_000;
/**
 * Before the first byte and inside an answer: models think for many minutes (xAI states 15 and more). One number for both,
 * because undici makes two timers a call where they differ and none where they do not. A host that is gone is noticed
 * earlier, by TCP's keep-alive.
 */
const silenceTimeoutMs = 30 * 60_000;

/** One pool an origin. Redirects are never followed: undici's dispatch does not, and the proxy answers them with an error. */
export function createUpstreamPools(network: NetworkSettings): UpstreamPools {
  const pools = new Map<string, Dispatcher>();
  const options = { connections, pipelining: 1, headersTimeout: silenceTimeoutMs, bodyTimeout: silenceTimeoutMs, allowH2: false };

  function create(origin: string): Dispatcher {
    const url = new URL(origin);
    const proxy = url.protocol === 'https:' ? network.httpsProxy : network.httpProxy;
    if (proxy !== null && !bypassesProxy(url.hostname, network.noProxy)) return new ProxyAgent({ uri: proxy, ...options });
    return new Pool(origin, { ...options, connect: { timeout: connectTimeoutMs, lookup: refuseMetadata } });
  }

  return {
    open(origin) {
      let pool = pools.get(origin);
      if (pool === undefined) {
        pool = create(origin);
        pools.set(origin, pool);
      }
      return pool;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

/** Loopback never goes through a proxy: a local model server is not there from the proxy's point of view. */
function bypassesProxy(host: string, noProxy: string | null): boolean {
  if (host === 'localhost' || host === '[::1]' || host.startsWith('127.')) return true;
  for (const entry of (noProxy ?? '').split(',')) {
    const suffix = entry
      .trim()
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\*?\./, '.');
    if (suffix === '*' || (suffix !== '' && (host === suffix || host.endsWith(suffix.startsWith('.') ? suffix : `.${suffix}`))))
      return true;
  }
  return false;
}

/** Cloud metadata and link-local addresses, also when a public name resolves to one (the check at save cannot see that). */
const metadataAddress = /^(169\.254\.|fe[89ab]|fd00:ec2:|::ffff:169\.254\.)/i;

const refuseMetadata: LookupFunction = (host, options, done) => {
  resolveHost(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return done(error, '', 0);
    const bad = addresses.find((entry) => isIP(entry.address) !== 0 && metadataAddress.test(entry.address));
    if (bad !== undefined)
      return done(
        Object.assign(new Error(`${host} resolves to ${bad.address}, which is never a model server`), { code: 'EADDRNOTAVAIL' }),
        '',
        0,
      );
    if (options.all === true) return (done as (e: null, list: LookupAddress[]) => void)(null, addresses);
    const first = addresses[0];
    if (first === undefined) return done(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 0);
    done(null, first.address, first.family);
  });
};
