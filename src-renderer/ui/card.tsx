import type { ReactNode } from 'react';
import styles from './card.module.css';

/** A part of a page with its own heading; `aside` stands at the right of it. */
export function Card({ title, aside, id, children }: { title: ReactNode; aside?: ReactNode; id?: string; children: ReactNode }): ReactNode {
  return (
    <section className={styles['card']} id={id}>
      <header className={styles['head']}>
        <h2>{title}</h2>
        {aside !== undefined && <div className={styles['aside']}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
