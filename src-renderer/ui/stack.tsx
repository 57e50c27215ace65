import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import styles from './stack.module.css';

/** Things below each other. */
export function Stack({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['stack']}>{children}</div>;
}

/** Things beside each other, while there is room. */
export function Row({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['row']}>{children}</div>;
}

/** Inputs in as many columns as fit. */
export function Fields({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['fields']}>{children}</div>;
}

/** Explains what stands above it. */
export function Hint({ children }: { children: ReactNode }): ReactNode {
  return <p className={styles['small']}>{children}</p>;
}

/** Something went well. */
export function Success({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className={styles['good']} role="status">
      <Icon name="check" />
      <span>{children}</span>
    </p>
  );
}

export function Failure({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className={styles['bad']} role="alert">
      {children}
    </p>
  );
}
