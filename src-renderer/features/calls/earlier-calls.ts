import type { CallSummary } from '../../../src-main/contract/entities.ts';

/** Larger requests are not compared. */
export const maxComparedBytes = 4 * 1024 * 1024;
/** Agents of one session ask side by side; the call that this one goes on from is one of the last. */
const maxCompared = 3;

type Candidate = Pick<CallSummary, 'id' | 'callerDialect' | 'requestedModel' | 'requestBytes'>;

/**
 * Those of a conversation's calls, newest first, that one of them may go on from. By their ids, which sort in the order
 * of arrival: a call's own start may lie a millisecond after its id.
 */
export function selectEarlier<T extends Candidate>(calls: readonly T[], call: Candidate): T[] {
  return calls
    .filter(
      ({ id, callerDialect, requestedModel, requestBytes }) =>
        id < call.id && callerDialect === call.callerDialect && requestedModel === call.requestedModel && requestBytes <= maxComparedBytes,
    )
    .slice(0, maxCompared);
}
