import type { ReactNode } from 'react';
import styles from './states.module.css';

/** Stands where text will be. */
export function Skeleton({ lines = 3 }: { lines?: number }): ReactNode {
  return (
    <div className={styles['skeleton']} role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are all alike
        <span key={line} />
      ))}
    </div>
  );
}
