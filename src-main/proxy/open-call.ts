import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attempt, CallStart, Conversion } from '../domain/call.ts';
import type { Loss } from '../domain/conversation.ts';
import type { TokenUsage } from '../domain/token-usage.ts';
import type { AbortHandle } from './call-upstream.ts';
import type { DataRoute } from './data-routes.ts';
import { KeptAnswer } from './kept-answer.ts';
import type { Caller } from './proxy-configuration.ts';
import type { Target } from './resolve-target.ts';

/** One call while it lasts; stages fill it in as they learn. */
export interface OpenCall {
  readonly id: number;
  /** "call_…" */
  readonly idText: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Milliseconds since the call came in, from a clock that never steps. */
  elapsed(): number;
  readonly route: DataRoute;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly handle: AbortHandle;
  caller: Caller | null;
  target: Target | null;
  start: CallStart | null;
  /** The caller's body as it came (unpacked). */
  body: Buffer | null;
  /** What was sent upstream, where it differs by more than a spliced name. */
  upstreamBody: Buffer | null;
  /** What was written to the caller. */
  readonly sent: KeptAnswer;
  /** The provider's side of a translated answer. */
  readonly received: KeptAnswer;
  responseBytes: number;
  firstByteMs: number | null;
  readonly attempts: Attempt[];
  losses: Loss[];
  /** Set when the provider refused the request and got it again in another form. */
  resentAs: Conversion | null;
  /** What was learned of the answer so far. */
  usage: TokenUsage | null;
  /** The start record is in the ledger. */
  started: boolean;
  /** The caller has closed its connection. */
  hungUp: boolean;
  /** The final record is in the ledger. */
  settled: boolean;
  /** Nothing more is done for this call. */
  closed: boolean;
}

export function openCall(
  facts: Pick<OpenCall, 'id' | 'idText' | 'startedAt' | 'route' | 'request' | 'response'>,
  ticks: () => number,
  keptBytes: number,
): OpenCall {
  const startedTicks = ticks();
  return {
    ...facts,
    elapsed: () => ticks() - startedTicks,
    handle: { abort: null },
    caller: null,
    target: null,
    start: null,
    body: null,
    upstreamBody: null,
    sent: new KeptAnswer(keptBytes),
    received: new KeptAnswer(keptBytes),
    responseBytes: 0,
    firstByteMs: null,
    attempts: [],
    losses: [],
    resentAs: null,
    usage: null,
    started: false,
    hungUp: false,
    settled: false,
    closed: false,
  };
}

/** Writes to the caller and keeps count. false = its socket is full. */
export function writeToCaller(call: OpenCall, bytes: Buffer): boolean {
  call.firstByteMs ??= call.elapsed();
  call.responseBytes += bytes.length;
  call.sent.push(bytes);
  return call.response.write(bytes);
}
