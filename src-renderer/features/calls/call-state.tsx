import type { ReactNode } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { statusWords } from '../../product/status-words.ts';
import { Badge } from '../../ui/badge.tsx';

type Status = CallSummary['status'];

const kinds: Record<Status, 'plain' | 'good' | 'look' | 'bad'> = {
  started: 'plain',
  ok: 'good',
  error: 'bad',
  client_aborted: 'look',
  upstream_truncated: 'bad',
  interrupted: 'look',
  blocked: 'bad',
};

export function CallState({ call }: { call: Pick<CallSummary, 'status' | 'errorCode' | 'httpStatus'> }): ReactNode {
  const title = [call.httpStatus, call.errorCode].filter((word) => word !== null).join(' · ');
  return (
    <Badge kind={kinds[call.status] ?? 'look'} title={title}>
      {statusWords[call.status] ?? call.status}
    </Badge>
  );
}

/** In the list: red for failures, amber for half things, nothing loud for what went well. */
export function stateKind(status: Status): 'plain' | 'good' | 'look' | 'bad' {
  return kinds[status] ?? 'look';
}
