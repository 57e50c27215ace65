import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

/** A line above what it is about. */
export function Notice({
  kind,
  title,
  children,
  action,
}: {
  kind: 'look' | 'bad' | 'info';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles['notice']} data-kind={kind} role={kind === 'info' ? 'status' : 'alert'}>
      <Icon name="warning" />
      <p>
        <strong>{title}</strong> {children}
      </p>
      {action}
    </div>
  );
}
