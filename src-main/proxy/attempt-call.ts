import type { Dispatcher } from 'undici';
import type { Attempt } from '../domain/call.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { type AbortHandle, callUpstream, isSafeToRepeat, type UpstreamReply, type UpstreamRequest } from './call-upstream.ts';
import { readHeader } from './forward-headers.ts';
import { hideKey } from './hide-key.ts';
import { readRetryAfterMs, resolveRetryDelay } from './retry-policy.ts';

export interface AttemptOptions {
  dispatcher: Dispatcher;
  origin: string;
  request: UpstreamRequest;
  /** The provider key in `request`: it is masked in what comes back. */
  key: string | null;
  handle: AbortHandle;
  callerRetries: boolean;
  /** Filled as tries are made. */
  attempts: Attempt[];
  /** Milliseconds since the call's start. */
  elapsed(): number;
  now(): number;
  random(): number;
}

/**
 * Tries the provider, again where that is safe and useful, and gives the reply that counts: a success or the last failure.
 * @throws GatewayError when no answer came at all, or the reason of an abort
 */
export async function attemptCall(options: AttemptOptions): Promise<UpstreamReply> {
  let waitedMs = 0;
  for (let retries = 0; ; retries++) {
    const attempt = openAttempt(options);
    let reply: UpstreamReply | null = null;
    let failure: unknown = null;
    try {
      reply = hideKey(await callUpstream(options.dispatcher, options.origin, options.request, options.handle), options.key);
    } catch (error) {
      failure = error;
    }
    endAttempt(attempt, options.elapsed(), reply, failure);
    if (reply !== null && reply.status < 400) return reply;
    if (failure instanceof GatewayError && failure.origin !== 'upstream') throw failure;

    const delayMs = resolveRetryDelay({
      retries,
      waitedMs,
      callerRetries: options.callerRetries,
      status: reply?.status ?? null,
      safe: isSafeToRepeat(failure),
      retryAfterMs:
        reply === null
          ? null
          : readRetryAfterMs(readHeader(reply.headers, 'retry-after-ms'), readHeader(reply.headers, 'retry-after'), options.now()),
      random: options.random(),
    });
    if (delayMs === null) {
      if (reply !== null) return reply;
      throw failure;
    }
    if (reply !== null) discard(reply);
    waitedMs += delayMs;
    await wait(delayMs, options.handle);
  }
}

/** Listed from its beginning: a call may end while it lasts. */
function openAttempt({ attempts, elapsed }: AttemptOptions): Attempt {
  const attempt = { atMs: Math.round(elapsed()), durationMs: 0, status: null, requestId: null, error: null };
  attempts.push(attempt);
  return attempt;
}

/** @param elapsedMs since the call's start */
export function endAttempt(attempt: Attempt, elapsedMs: number, reply: UpstreamReply | null, failure: unknown): void {
  attempt.durationMs = Math.round(elapsedMs) - attempt.atMs;
  attempt.error = failure instanceof GatewayError ? failure.code : null;
  if (reply === null) return;
  attempt.status = reply.status;
  attempt.requestId = readHeader(reply.headers, 'x-request-id') ?? readHeader(reply.headers, 'request-id');
}

/** Reads the failed reply to its end, so that its connection can serve the next try. */
function discard(reply: UpstreamReply): void {
  let bytes = 0;
  reply.consume({
    onData(chunk) {
      bytes += chunk.length;
      if (bytes > 1_000_000) reply.abort();
      return true;
    },
    onEnd() {},
    onError() {},
  });
}

/** An abort ends the wait at once. */
function wait(delayMs: number, handle: AbortHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    handle.abort = (reason) => {
      clearTimeout(timer);
      reject(reason);
    };
  });
}
