import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { CallCost } from '../../product/call-cost.tsx';
import { renderDuration } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import styles from './overview.module.css';

/** The newest calls, as they start and as they end. */
export function LiveCalls({ calls }: { calls: readonly CallSummary[] }): ReactNode {
  return (
    <section aria-labelledby="latest-calls">
      <h2 id="latest-calls">Latest calls</h2>
      <ul className={styles['live']}>
        {calls.map((call) => (
          <li key={call.id}>
            <Link href={`/calls/${call.id}`}>
              <Dot status={call.status} />
              <span className={styles['what']}>{call.model ?? call.requestedModel}</span>
              <span className={styles['note']}>{renderNote(call)}</span>
              <span>{renderDuration(call.durationMs)}</span>
              <span>
                <CallCost call={call} />
              </span>
              <Time at={call.startedAt} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Dot({ status }: Pick<CallSummary, 'status'>): ReactNode {
  const isRunning = status === 'started';
  return (
    <span
      className={styles['dot']}
      data-bad={(status !== 'ok' && !isRunning) || undefined}
      data-running={isRunning || undefined}
      aria-hidden="true"
    />
  );
}

function renderNote({ status, client, errorCode }: CallSummary): string {
  if (status === 'started') return 'running';
  return status === 'ok' ? (client ?? '') : (errorCode ?? status);
}
