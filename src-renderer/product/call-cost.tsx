import type { ReactNode } from 'react';
import type { CallSummary } from '../../src-main/contract/entities.ts';
import { Money } from '../ui/money.tsx';
import { sumOutput } from './usage-sums.ts';

/** What a call cost; a dash where there is nothing to cost. */
export function CallCost({ call }: { call: CallSummary }): ReactNode {
  return hasNoCost(call) ? '–' : <Money nanoUsd={call.costNanoUsd} source={call.costSource} />;
}

/** A running call has no cost yet, and a failed one for which nothing was reported has no price to be missing. */
function hasNoCost({ status, costNanoUsd, usage }: CallSummary): boolean {
  return status === 'started' || (costNanoUsd === null && status !== 'ok' && sumOutput(usage) === null);
}
