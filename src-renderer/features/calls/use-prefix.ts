import { useQueries, useQuery } from '@tanstack/react-query';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { bodiesQuery, callsBeforeQuery } from '../../api/queries.ts';
import type { Prefix } from './conversation/read-prefix.ts';
import { startReader } from './conversation/start-reader.ts';
import { readableBody } from './readable-body.ts';

/** Larger requests are not compared. */
const maxBytes = 4 * 1024 * 1024;
/** Agents of one session ask side by side; the call that this one goes on from is one of the last. */
const maxCompared = 3;

/** How far a call's request repeats that of a call before it in its conversation; null while that is not known, or cannot be. */
export function usePrefix(call: CallDetail, request: string | null): Prefix | null {
  const isComparable = call.conversationId !== null && request !== null && call.requestBytes <= maxBytes;
  const listed = useQuery({ ...callsBeforeQuery(call.conversationId ?? '', call.startedAt), enabled: isComparable });
  const candidates = (listed.data?.items ?? [])
    .filter(
      ({ callerDialect, requestedModel, requestBytes }) =>
        callerDialect === call.callerDialect && requestedModel === call.requestedModel && requestBytes <= maxBytes,
    )
    .slice(0, maxCompared);
  const bodies = useQueries({ queries: candidates.map(({ id }) => bodiesQuery(id)) });
  const before = candidates.flatMap(({ id }, index) => {
    const text = readableBody(bodies[index]?.data, 'request');
    return text === null ? [] : [{ callId: id, request: text }];
  });
  const chars = before.reduce((sum, earlier) => sum + earlier.request.length, request?.length ?? 0);
  const reading = useQuery({
    queryKey: ['prefix', call.id, candidates.map(({ id }) => id)],
    queryFn: ({ signal }) =>
      startReader({ task: 'prefix', source: { dialect: call.callerDialect, request: request ?? '', before } }, chars, signal),
    enabled: isComparable && before.length > 0 && bodies.every(({ isPending }) => !isPending),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return reading.data ?? null;
}
