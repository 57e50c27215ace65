import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { answerByDefault } from './fake-upstream/default-answers.ts';
import { type ScriptedReply, writeReply } from './fake-upstream/write-reply.ts';

export type { ScriptedReply };

/** One request as it arrived, byte for byte. */
export interface RecordedRequest {
  readonly method: string;
  /** Raw target with its query. */
  readonly path: string;
  /** Flat name/value list as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** `performance.now()` when the body was complete. */
  readonly arrivedAt: number;
  /** `performance.now()` of the moment the peer closed before it had the whole reply; pending for ever when it did not. */
  readonly hungUp: Promise<number>;
  /** Value of one header, null when absent. */
  header(name: string): string | null;
  json<T = Record<string, unknown>>(): T;
}

export type Answer = ScriptedReply | ((request: RecordedRequest) => ScriptedReply);

export interface FakeUpstream {
  readonly origin: string;
  readonly port: number;
  /** In order of arrival, those of earlier tests included until `reset`. */
  readonly requests: readonly RecordedRequest[];
  /** TCP connections ever accepted. */
  readonly connections: number;
  /** The next unscripted request gets the first of these; without any, a sensible default built from the request. */
  enqueue(...answers: Answer[]): void;
  /** From now on every request without a queued answer gets this one; null = defaults again. */
  answerAll(answer: Answer | null): void;
  /** The newest request. Throws when there is none. */
  last(): RecordedRequest;
  /** Resolves with the next request that arrives. */
  nextRequest(): Promise<RecordedRequest>;
  /** Forgets requests and queued answers. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * A model provider on loopback that speaks every dialect and can be told to break in every way. Any path prefix is accepted, so
 * that one server plays several providers ("/xai/v1", "/anthropic").
 */
export async function openFakeUpstream(port = 0): Promise<FakeUpstream> {
  const queue: Answer[] = [];
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let waiting: ((request: RecordedRequest) => void)[] = [];
  let standing: Answer | null = null;
  let connections = 0;

  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 1_000_000, requestTimeout: 0 }, async (incoming, response) => {
    const { promise: hungUp, resolve: reportHangUp } = Promise.withResolvers<number>();
    response.on('close', () => {
      if (!response.writableFinished) reportHangUp(performance.now());
    });
    const request = await record(incoming, hungUp).catch(() => null);
    if (request === null) return;
    requests.push(request);
    for (const tell of waiting) tell(request);
    waiting = [];
    const answer = queue.shift() ?? standing ?? answerByDefault;
    await writeReply(response, typeof answer === 'function' ? answer(request) : answer);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;

  return {
    origin: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    get connections() {
      return connections;
    },
    enqueue: (...answers) => void queue.push(...answers),
    answerAll(answer) {
      standing = answer;
    },
    last() {
      const request = requests.at(-1);
      if (request === undefined) throw new Error('The fake upstream has seen no request.');
      return request;
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    reset() {
      queue.length = 0;
      requests.length = 0;
      standing = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function record(incoming: IncomingMessage, hungUp: Promise<number>): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { rawHeaders } = incoming;
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    rawHeaders,
    body,
    arrivedAt: performance.now(),
    hungUp,
    header(name) {
      const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
      return at < 0 ? null : (rawHeaders[at + 1] ?? null);
    },
    json: () => JSON.parse(body.toString('utf8')),
  };
}
