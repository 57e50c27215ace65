import type { ReactNode } from 'react';
import styles from './states.module.css';

/** What is missing, why, and the next step. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <section className={styles['state']}>
      <h2>{title}</h2>
      {children !== undefined && <div className={styles['why']}>{children}</div>}
      {action !== undefined && <div className={styles['actions']}>{action}</div>}
    </section>
  );
}
