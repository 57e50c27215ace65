import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { CallBodies, CallDetail } from '../../src-main/contract/entities.ts';

/** A reply with nothing decoded. */
export interface RawReply {
  status: number;
  /** Lower-case names; repeated headers are joined with ", ". */
  headers: Record<string, string>;
  body: Buffer;
  text: string;
  json<T = Record<string, unknown>>(): T;
}

export interface SendOptions {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings and buffers as they are. */
  body?: string | Buffer | object;
  /** Replaces the caller key; null sends none. */
  key?: string | null;
  /** Sees every chunk as it comes. */
  onChunk?(chunk: Buffer): void;
}

/** Whatever carries the id of a call: one of our replies, `fetch`'s, or the id itself. */
export type Replied = { headers: Record<string, string> | Headers } | string;

/** What tests do with a gateway from outside. */
export interface GatewayClient {
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  /** One request on a connection of its own, as a caller with a valid key unless told otherwise. */
  send(path: string, options?: SendOptions): Promise<RawReply>;
  /** POST of a JSON body. */
  post(path: string, body: object | string | Buffer, headers?: Readonly<Record<string, string>>): Promise<RawReply>;
  /** The admin API with its token. Throws on an error status. */
  admin<T>(path: string, init?: { method?: string; body?: object }): Promise<T>;
  /** The ledger's row of a reply (or of "call_…"), once the call is over. */
  readCall(reply: Replied): Promise<CallDetail>;
  readBodies(reply: Replied): Promise<CallBodies>;
}

const settleWithinMs = 5_000;

export function createGatewayClient(url: string, dataDir: string, key: string): GatewayClient {
  const token = (): string => readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();

  async function admin<T>(path: string, init: { method?: string; body?: object } = {}): Promise<T> {
    const options: SendOptions = { method: init.method ?? 'GET', key: token(), ...(init.body === undefined ? {} : { body: init.body }) };
    const reply = await send(url + path, options);
    if (reply.status >= 400) throw new Error(`${init.method ?? 'GET'} ${path}: ${reply.status} ${reply.text}`);
    return reply.json<T>();
  }

  return {
    url,
    key,
    dataDir,
    send: (path, options = {}) => send(url + path, { key, ...options }),
    post: (path, body, headers = {}) => send(url + path, { method: 'POST', key, body, headers }),
    admin,
    async readCall(reply) {
      const id = readCallId(reply);
      const deadline = performance.now() + settleWithinMs;
      for (;;) {
        const call = await admin<CallDetail>(`/admin/calls/${id}`);
        if (call.status !== 'started') return call;
        if (performance.now() > deadline) throw new Error(`Call ${id} is still open after ${settleWithinMs} ms.`);
      }
    },
    readBodies: (reply) => admin<CallBodies>(`/admin/calls/${readCallId(reply)}/bodies`),
  };
}

export function readCallId(reply: Replied): string {
  if (typeof reply === 'string') return reply;
  const { headers } = reply;
  const id = headers instanceof Headers ? headers.get('x-tollgate-call-id') : headers['x-tollgate-call-id'];
  if (id === undefined || id === null) throw new Error('The reply has no x-tollgate-call-id.');
  return id;
}

async function send(url: string, options: SendOptions): Promise<RawReply> {
  const { body } = options;
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? null : Buffer.from(isRaw ? (body as string) : JSON.stringify(body));
  const headers: Record<string, string> = {
    ...(bytes === null ? {} : { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
    ...(options.key === null || options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    ...options.headers,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpRequest(url, { method: options.method ?? (bytes === null ? 'GET' : 'POST'), headers, agent: false }, resolve);
  request.on('error', reject);
  request.end(bytes ?? undefined);
  const response = await promise;
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    options.onChunk?.(chunk as Buffer);
  }
  const whole = Buffer.concat(chunks);
  const text = whole.toString('utf8');
  return { status: response.statusCode ?? 0, headers: joinHeaders(response), body: whole, text, json: () => JSON.parse(text) };
}

function joinHeaders(response: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headersDistinct)) if (value !== undefined) joined[name] = value.join(', ');
  return joined;
}

/** The JSON of every event of a stream; "[DONE]" stays a string. */
export function readEvents<T = Record<string, unknown>>(text: string): T[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .map((data) => (data === '[DONE]' ? (data as T) : (JSON.parse(data) as T)));
}
