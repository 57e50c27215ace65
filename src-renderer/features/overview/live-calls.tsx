import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { Money } from '../../ui/money.tsx';
import { renderDuration } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import styles from './overview.module.css';

/** The newest calls, as they end. */
export function LiveCalls({ calls }: { calls: readonly CallSummary[] }): ReactNode {
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
