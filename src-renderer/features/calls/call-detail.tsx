import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { useSearchParams } from 'wouter';
import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallDetail as Call } from '../../../src-main/contract/entities.ts';
import { useLiveEvent } from '../../api/live-state.tsx';
import { callQuery } from '../../api/queries.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { AttemptsTab } from './attempts-tab.tsx';
import styles from './call-detail.module.css';
import { ConversationTab } from './conversation-tab.tsx';
import { CostTab } from './cost-tab.tsx';
import { DetailHead } from './detail-head.tsx';
import { LossesTab } from './losses-tab.tsx';
import { RawTab } from './raw-tab.tsx';
import { TimelineBar } from './timeline-bar.tsx';

export interface CallDetailProps {
  id: string;
  callerNames: ReadonlyMap<string, string>;
  onClose: () => void;
  onDeleted: (id: string) => void;
}

export function CallDetail({ id, callerNames, onClose, onDeleted }: CallDetailProps): ReactNode {
  const { data: call, error, refetch } = useQuery(callQuery(id));
  useRefetchWhenDone(id);
  if (error !== null && call === undefined) {
    return (
      <ErrorState title="This call cannot be shown" cause={error.message} action={{ label: 'Try again', run: () => void refetch() }} />
    );
  }
  if (call === undefined) return <Skeleton lines={8} />;
  return (
    <article className={styles['detail']}>
      <DetailHead call={call} callerNames={callerNames} onClose={onClose} onDeleted={onDeleted} />
      <TimelineBar call={call} />
      <DetailTabs call={call} />
    </article>
  );
}

const tabNames = ['conversation', 'cost', 'timeline', 'raw', 'losses'] as const;
type TabName = (typeof tabNames)[number];

function DetailTabs({ call }: { call: Call }): ReactNode {
  const [params, setParams] = useSearchParams();
  const asked = tabNames.find((name) => name === params.get('tab')) ?? 'conversation';
  const choose = (tab: TabName): void => {
    setParams(
      (now) => {
        now.set('tab', tab);
        return now;
      },
      { replace: true },
    );
  };
  const tabs = [
    { value: 'conversation' as const, label: 'Conversation' },
    { value: 'cost' as const, label: 'Cost' },
    { value: 'timeline' as const, label: `Attempts ${call.attempts.length}` },
    { value: 'raw' as const, label: 'Raw' },
    { value: 'losses' as const, label: `Losses ${call.losses.length}` },
  ];
  return (
    <div>
      <Tabs label="Parts of this call" value={asked} tabs={tabs} onChange={choose}>
        <div className={styles['body']}>
          <TabBody name={asked} call={call} />
        </div>
      </Tabs>
    </div>
  );
}

function TabBody({ name, call }: { name: TabName; call: Call }): ReactNode {
  switch (name) {
    case 'cost':
      return <CostTab call={call} />;
    case 'timeline':
      return <AttemptsTab call={call} />;
    case 'raw':
      return <RawTab call={call} />;
    case 'losses':
      return <LossesTab losses={call.losses} />;
    default:
      return <ConversationTab call={call} />;
  }
}

/** A call that is looked at while it runs becomes whole when it ends. */
function useRefetchWhenDone(id: string): void {
  const queries = useQueryClient();
  const onEvent = useCallback(
    (event: AdminEvent) => {
      if (event.type !== 'call-finished' || event.call.id !== id) return;
      for (const name of ['readCall', 'readCallBodies']) void queries.invalidateQueries({ queryKey: [name, { params: { id } }] });
    },
    [queries, id],
  );
  useLiveEvent(onEvent);
}
