import type { ReactNode } from 'react';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { tokensPerSecond } from '../../product/usage-sums.ts';
import { renderDuration } from '../../ui/render-number.ts';
import styles from './call-detail.module.css';

/** Waiting until the first token, then the answer. */
export function TimelineBar({ call }: { call: CallDetail }): ReactNode {
  const { durationMs, firstByteMs } = call;
  if (durationMs === null) return call.status === 'started' ? <p className={styles['dim']}>Running…</p> : null;
  const speed = tokensPerSecond(call);
  const waiting = firstByteMs === null || durationMs === 0 ? 100 : Math.min(100, (firstByteMs / durationMs) * 100);
  return (
    <div className={styles['line']}>
      <div className={styles['bar']} aria-hidden="true">
        <span className={styles['waiting']} style={{ width: `${waiting}%` }} />
        <span className={styles['answering']} />
      </div>
      <p className={styles['marks']}>
        <span>0 ms</span>
        {firstByteMs !== null && (
          <span>
            {call.stream ? 'first token' : 'first byte'} {renderDuration(firstByteMs)}
          </span>
        )}
        <span>done {renderDuration(durationMs)}</span>
        {speed !== null && <span>{speed < 10 ? speed.toFixed(1) : Math.round(speed)} tok/s</span>}
      </p>
    </div>
  );
}
