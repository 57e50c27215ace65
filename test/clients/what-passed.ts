import type { CallDetail } from '../../src-main/contract/entities.ts';
import type { RecordedRequest } from '../support/fake-upstream.ts';
import { listCalls } from '../support/list-calls.ts';
import type { ClientLab } from './client-lab.ts';
import type { TappedRequest } from './recording-tap.ts';
import { holdsToolResult } from './tool-turn.ts';

/** One model request as either side of the gateway saw it. */
export interface Passed {
  path: string;
  /** Lower-case names, without those that belong to one connection or name a key. */
  headers: Record<string, string>;
  body: string;
}

const ownToEachSide = new Set([
  ...['host', 'connection', 'content-length', 'accept-encoding', 'sec-fetch-mode', 'x-tollgate-hop'],
  ...['authorization', 'x-api-key', 'x-goog-api-key'],
]);

/** What the client said, by its own account. */
export function readSaid({ tap }: ClientLab): Passed[] {
  return sort(tap.requests.filter(({ method }) => method === 'POST').map((request) => readPassed(request, '')));
}

/** What the provider heard. */
export function readHeard({ tollgate }: ClientLab, pathPrefix: string): Passed[] {
  return sort(tollgate.upstream.requests.map((request) => readPassed(request, pathPrefix)));
}

/** The request by which the client brought the result of its tool. Throws when there is not exactly one. */
export function readToolResultRequest({ tollgate }: ClientLab): RecordedRequest {
  const found = tollgate.upstream.requests.filter(holdsToolResult);
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} requests hold a tool result.`);
  return found[0];
}

/** All that went to the provider, to look for what must not be there. */
export function readAllHeard({ tollgate }: ClientLab): string {
  return tollgate.upstream.requests.map(({ path, rawHeaders, body }) => `${path}\n${rawHeaders.join('\n')}\n${body}`).join('\n');
}

/** The ledger's rows, oldest first, each settled. */
export async function readRows({ tollgate }: ClientLab): Promise<CallDetail[]> {
  const calls = await listCalls(tollgate);
  return Promise.all(calls.reverse().map(({ id }) => tollgate.readCall(id)));
}

/** Lines of JSON, as clients print their events; other lines are left out. */
export function readJsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function readPassed({ path, rawHeaders, body }: TappedRequest | RecordedRequest, prefix: string): Passed {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at]).toLowerCase();
    if (!ownToEachSide.has(name)) headers[name] = String(rawHeaders[at + 1]);
  }
  return { path: path.startsWith(prefix) ? path.slice(prefix.length) : path, headers, body: body.toString('utf8') };
}

/** Clients ask in parallel; which request comes first is chance. */
function sort(requests: Passed[]): Passed[] {
  return requests.sort((a, b) => a.body.length - b.body.length || (a.body < b.body ? -1 : 1));
}
