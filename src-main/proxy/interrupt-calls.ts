import { GatewayError } from '../domain/gateway-error.ts';
import type { OpenCall } from './open-call.ts';

/** The gateway stops: every open answer ends with an error of its dialect, and every row says `interrupted`. */
export function interruptCalls(calls: Iterable<OpenCall>): void {
  const reason = new GatewayError('not_ready', 'Tollgate was stopped before the answer was complete.');
  for (const call of [...calls]) call.handle.abort?.(reason);
}
