import type { ReactNode } from 'react';
import styles from './page.module.css';

/** A page's head and body; `tools` stand at the right of the title. */
export function Page({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>{title}</h1>
        {tools !== undefined && <div className={styles['tools']}>{tools}</div>}
      </header>
      {children}
    </div>
  );
}
