import type { ReactNode } from 'react';
import styles from './card.module.css';

export interface CardProps {
  title: ReactNode;
  aside?: ReactNode;
  id?: string;
  /** Of the heading: 3 where the card stands below a heading of its group. */
  level?: 2 | 3;
  children: ReactNode;
}

/** A part of a page with its own heading; `aside` stands at the right of it. */
export function Card({ title, aside, id, level = 2, children }: CardProps): ReactNode {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={styles['card']} id={id}>
      <header className={styles['head']}>
        <Heading>{title}</Heading>
        {aside !== undefined && <div className={styles['aside']}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
