import { useQueries, useQuery } from '@tanstack/react-query';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { bodiesQuery, callsBeforeQuery } from '../../api/queries.ts';
import type { Prefix } from './conversation/read-prefix.ts';
import { startReader } from './conversation/start-reader.ts';
import { maxComparedBytes, selectEarlier } from './earlier-calls.ts';
import { readableBody } from './readable-body.ts';

/** How far a call's request repeats that of a call before it in its conversation; null while that is not known, or cannot be. */
export function usePrefix(call: CallDetail, request: string | null): Prefix | null {
  const isComparable = call.conversationId !== null && request !== null && call.requestBytes <= maxComparedBytes;
  const listed = useQuery({ ...callsBeforeQuery(call.conversationId ?? '', call.startedAt), enabled: isComparable });
  const candidates = selectEarlier(listed.data?.items ?? [], call);
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
