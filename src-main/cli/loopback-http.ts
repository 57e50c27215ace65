import { Agent, type IncomingMessage, request } from 'node:http';
import { CliError } from './cli-error.ts';
import { renderNotRunning } from './gateway-location.ts';

const REQUEST_TIMEOUT_MS = 60_000;

/** One connection, kept: what was verified on it holds for what follows. An agent of our own, so that no proxy setting applies. */
export function createAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

interface Outgoing {
  agent: Agent;
  url: URL;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** @throws CliError when nobody answers in HTTP within the time */
export function send({
  agent,
  url,
  method = 'GET',
  headers = {},
  body,
  signal,
  timeoutMs = REQUEST_TIMEOUT_MS,
}: Outgoing): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const bodyHeaders = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const outgoing = request(url, { agent, method, headers: { ...headers, ...bodyHeaders }, ...(signal && { signal }) }, resolve);
  outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new CliError(`${url.origin} did not answer within ${timeoutMs / 1000} s.`)));
  outgoing.on('error', (error) => reject(isConnectionError(error) ? new CliError(renderNotRunning(url)) : error));
  outgoing.end(text);
  return promise;
}

/** Nobody there, gone while speaking, or not speaking HTTP. */
export function isConnectionError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' || code.startsWith('HPE_');
}

export async function readText(response: IncomingMessage, maxCharacters = Number.POSITIVE_INFINITY): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.length > maxCharacters) break;
  }
  return text;
}
