import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './states.module.css';

export interface ErrorStateProps {
  /** Names the thing. */
  title: string;
  /** The cause and the remedy, a sentence each. */
  cause: string;
  /** The technical text, under a fold. */
  detail?: string;
  action?: { label: string; run: () => void };
}

export function ErrorState({ title, cause, detail, action }: ErrorStateProps): ReactNode {
  return (
    <section className={styles['state']} role="alert">
      <h2>{title}</h2>
      <p className={styles['why']}>{cause}</p>
      {detail !== undefined && detail !== '' && (
        <details className={styles['detail']}>
          <summary>Technical text</summary>
          <pre>{detail}</pre>
        </details>
      )}
      {action !== undefined && (
        <div className={styles['actions']}>
          <Button onPress={action.run}>{action.label}</Button>
        </div>
      )}
    </section>
  );
}
