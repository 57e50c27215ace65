import type { CallSummary } from '../../src-main/contract/entities.ts';

/** The newest of them that came from such a program. */
export function findLastFrom(calls: readonly CallSummary[], client: RegExp): CallSummary | null {
  return calls.find((call) => call.client !== null && client.test(call.client)) ?? null;
}
