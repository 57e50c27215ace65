import type { ReactNode } from 'react';
import styles from './money.module.css';
import { renderExactUsd, renderUsd } from './render-usd.ts';

export interface MoneyProps {
  /** Nano-dollars; null = unknown, which never looks like zero. */
  nanoUsd: number | null;
  /** Where the number comes from; an estimate gets its "≈". */
  source?: 'provider' | 'price-book' | 'override' | 'unknown' | 'estimated' | 'demo' | 'free';
  /** Calls in this sum whose cost is not known. */
  unpriced?: number;
  /** Added to the tooltip. */
  title?: string;
}

const sourceWords = {
  provider: 'as the provider reported it',
  'price-book': 'from the price book',
  override: 'from your own price',
  unknown: 'no price is known for this model',
  estimated: 'estimated',
  demo: 'demo: nobody is billed',
  free: 'free of charge',
} as const;

/** The one way this window shows money. */
export function Money({ nanoUsd, source, unpriced = 0, title }: MoneyProps): ReactNode {
  if (nanoUsd === null || (nanoUsd === 0 && unpriced > 0)) {
    return (
      <span className={styles['unpriced']} title={title ?? sourceWords.unknown}>
        unpriced
      </span>
    );
  }
  const notes = [renderExactUsd(nanoUsd), source === undefined ? null : sourceWords[source], renderUnpriced(unpriced), title ?? null];
  return (
    <span className={styles['money']} title={notes.filter((note) => note !== null).join(' · ')}>
      {source === 'estimated' && '≈ '}
      {renderUsd(nanoUsd)}
      {unpriced > 0 && <span className={styles['more']}> +</span>}
    </span>
  );
}

function renderUnpriced(unpriced: number): string | null {
  return unpriced === 0 ? null : `and ${unpriced} ${unpriced === 1 ? 'call' : 'calls'} whose price is not known`;
}
