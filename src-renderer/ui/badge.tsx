import type { ReactNode } from 'react';
import styles from './badge.module.css';

/** A word with a meaning: state of a call, source of a price, a tag. */
export function Badge({
  kind = 'plain',
  children,
  title,
}: {
  kind?: 'plain' | 'good' | 'look' | 'bad';
  children: ReactNode;
  title?: string;
}): ReactNode {
  return (
    <span className={styles['badge']} data-kind={kind} title={title}>
      {children}
    </span>
  );
}
