import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { Link } from 'wouter';
import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { useLiveEvent } from '../../api/live-state.tsx';
import { Money } from '../../ui/money.tsx';
import { renderDuration } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import styles from './overview.module.css';

/** The newest calls, as they end. */
export function LiveCalls({ calls }: { calls: readonly CallSummary[] }): ReactNode {
  const queries = useQueryClient();
  const onEvent = useCallback(
    (event: AdminEvent) => {
      if (event.type === 'call-finished') void queries.invalidateQueries({ queryKey: ['listCalls', {}] });
    },
    [queries],
  );
  useLiveEvent(onEvent);
  return (
    <section aria-labelledby="latest-calls">
      <h2 id="latest-calls">Latest calls</h2>
      <ul className={styles['live']}>
        {calls.map((call) => (
          <li key={call.id}>
            <Link href={`/calls/${call.id}`}>
              <span className={styles['dot']} data-bad={call.status !== 'ok' || undefined} aria-hidden="true" />
              <span className={styles['what']}>{call.model ?? call.requestedModel}</span>
              <span className={styles['note']}>{call.status === 'ok' ? (call.client ?? '') : (call.errorCode ?? call.status)}</span>
              <span>{renderDuration(call.durationMs)}</span>
              <Money nanoUsd={call.costNanoUsd} source={call.costSource} />
              <Time at={call.startedAt} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
