import { performance } from 'node:perf_hooks';
import { type Dispatcher, errors } from 'undici';
import { GatewayError } from '../domain/gateway-error.ts';

export interface UpstreamRequest {
  method: string;
  /** Path with query, starting with "/". */
  path: string;
  /** Flat name/value list. */
  headers: string[];
  body: Buffer | null;
}

/** Receives the body of a reply. */
export interface ReplySink {
  /** false = wait: no more data until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: GatewayError): void;
}

export interface UpstreamReply {
  readonly status: number;
  /** Flat name/value list as received. */
  readonly headers: readonly string[];
  /** To be called once; chunks that came before it are delivered first. */
  consume(sink: ReplySink): void;
  resume(): void;
  abort(): void;
}

/** Lets the caller's hang-up, or the end of the gateway, reach the request at any moment; the reason is what the exchange then fails with. */
export interface AbortHandle {
  abort: ((reason: GatewayError) => void) | null;
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The connection was closed before the provider can have read the request: it was idle for too long and crossed with ours. */
class UnreadRequestError extends Error {}

/** True when the request was surely not processed: nothing was sent, or nobody can have read it. */
export function isSafeToRepeat(error: unknown): boolean {
  const cause = error instanceof GatewayError ? error.cause : error;
  if (cause instanceof errors.ConnectTimeoutError || cause instanceof UnreadRequestError) return true;
  return cause instanceof Error && neverSent.has(String((cause as { code?: unknown }).code));
}

/**
 * Turns of the event loop. Within one turn of the write, the socket is read once: what that reading brings, a close or a
 * reset, was on its way before the provider could answer what we wrote. (undici writes to a connection that was used
 * before only after such a reading, so most closed ones are never written to.)
 */
function readLoopTurn(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

function isConnectionLoss(cause: Error): boolean {
  const code = (cause as { code?: unknown }).code;
  return cause instanceof errors.SocketError || code === 'ECONNRESET' || code === 'EPIPE';
}

/**
 * Sends one request and resolves when the reply's headers are there; the only place in Tollgate that calls out.
 * Uses undici's `dispatch`: `fetch` and web streams cost 4 to 5 times as much.
 * @throws GatewayError upstream_unreachable | upstream_timeout | the reason of an abort
 */
export function callUpstream(
  dispatcher: Dispatcher,
  origin: string,
  request: UpstreamRequest,
  handle: AbortHandle,
): Promise<UpstreamReply> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let sink: ReplySink | null = null;
    let early: Buffer[] | null = null;
    let ended = false;
    let failure: GatewayError | null = null;
    let answered = false;
    let sentAtTurn = 0;
    let abortedBy: GatewayError | null = null;

    const abort = (reason: GatewayError): void => {
      abortedBy ??= reason;
      controller?.abort(reason);
    };
    handle.abort = abort;

    dispatcher.dispatch(
      { origin, method: request.method as Dispatcher.HttpMethod, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          controller = started;
          sentAtTurn = readLoopTurn();
          if (abortedBy !== null) started.abort(abortedBy);
        },
        onResponseStart(started, status) {
          if (status < 200) return;
          answered = true;
          resolve({
            status,
            headers: readHeaders(started.rawHeaders),
            consume(consumer) {
              sink = consumer;
              const waiting = early;
              early = null;
              for (const chunk of waiting ?? []) if (!consumer.onData(chunk)) started.pause();
              if (failure !== null) consumer.onError(failure);
              else if (ended) consumer.onEnd();
            },
            resume: () => started.resume(),
            abort: () => abort(new GatewayError('client_closed', 'The rest of the answer is not wanted.')),
          });
        },
        onResponseData(started, chunk) {
          if (sink === null) {
            early ??= [];
            early.push(chunk);
          } else if (!sink.onData(chunk)) started.pause();
        },
        onResponseEnd() {
          ended = true;
          sink?.onEnd();
        },
        onResponseError(_started, cause) {
          const unread = !answered && isConnectionLoss(cause) && readLoopTurn() <= sentAtTurn + 1;
          failure = abortedBy ?? explainFailure(cause, origin, answered, unread);
          if (!answered) reject(failure);
          else sink?.onError(failure);
        },
      },
    );
  });
}

/** Headers are bytes without an encoding; as Latin-1 they come out as they went in, and as UTF-8 Node would refuse to send them. */
function readHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  const headers: string[] = [];
  if (!Array.isArray(raw)) return headers;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.push(readText(raw[i]), readText(raw[i + 1]));
  return headers;
}

function readText(raw: string | Buffer | undefined): string {
  return typeof raw === 'object' ? raw.toString('latin1') : (raw ?? '');
}

function explainFailure(cause: Error, origin: string, answered: boolean, unread: boolean): GatewayError {
  const detail = { cause: unread ? new UnreadRequestError(cause.message, { cause }) : cause };
  if (cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError) {
    return new GatewayError('upstream_timeout', `${origin} sent nothing for too long.`, detail);
  }
  if (cause instanceof errors.ConnectTimeoutError)
    return new GatewayError('upstream_timeout', `${origin} could not be reached in time.`, detail);
  if (answered) return new GatewayError('upstream_stream_cut', `${origin} broke off its answer: ${cause.message}.`, detail);
  return new GatewayError('upstream_unreachable', `${origin} could not be reached: ${describe(cause)}.`, detail);
}

function describe(cause: Error): string {
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = (inner as { code?: unknown } | undefined)?.code;
  if (code === 'ECONNREFUSED') return 'the connection was refused (is the server running?)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name could not be resolved (is the network up?)';
  return inner instanceof Error ? inner.message : cause.message;
}
