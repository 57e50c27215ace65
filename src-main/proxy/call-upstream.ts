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
  readonly headers: readonly (string | Buffer)[];
  /** To be called once; chunks that came before it are delivered first. */
  consume(sink: ReplySink): void;
  resume(): void;
  abort(): void;
}

/** Lets the caller's hang-up reach the request at any moment. */
export interface AbortHandle {
  abort: (() => void) | null;
}

/** True when the request was surely not processed: nothing was sent, or an idle connection was already closed by the server. */
export function isSafeToRepeat(error: unknown): boolean {
  const cause = error instanceof GatewayError ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  const code = (cause as { code?: unknown }).code;
  if (cause instanceof errors.ConnectTimeoutError || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return true;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return true;
  // undici reports a connection that the server closed while it was idle as "other side closed"; it was used before if bytes came from it.
  return cause instanceof errors.SocketError && cause.message === 'other side closed' && (cause.socket?.bytesRead ?? 0) > 0;
}

/**
 * Sends one request and resolves when the reply's headers are there; the only place in Tollgate that calls out.
 * Uses undici's `dispatch`: `fetch` and web streams cost 4 to 5 times as much.
 * @throws GatewayError upstream_unreachable | upstream_timeout | client_closed
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
    let aborted = false;

    const abort = (): void => {
      aborted = true;
      controller?.abort(new Error('aborted'));
    };
    handle.abort = abort;

    dispatcher.dispatch(
      { origin, method: request.method as Dispatcher.HttpMethod, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          controller = started;
          if (aborted) started.abort(new Error('aborted'));
        },
        onResponseStart(started, status) {
          if (status < 200) return;
          answered = true;
          resolve({
            status,
            headers: (started.rawHeaders ?? []) as readonly (string | Buffer)[],
            consume(consumer) {
              sink = consumer;
              const waiting = early;
              early = null;
              for (const chunk of waiting ?? []) if (!consumer.onData(chunk)) started.pause();
              if (failure !== null) consumer.onError(failure);
              else if (ended) consumer.onEnd();
            },
            resume: () => started.resume(),
            abort,
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
          failure = explainFailure(cause, origin, answered, aborted);
          if (!answered) reject(failure);
          else sink?.onError(failure);
        },
      },
    );
  });
}

function explainFailure(cause: Error, origin: string, answered: boolean, aborted: boolean): GatewayError {
  if (aborted) return new GatewayError('client_closed', 'The caller closed the connection.', { cause });
  const detail = { cause };
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
