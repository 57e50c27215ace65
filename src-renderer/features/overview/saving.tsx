import type { ReactNode } from 'react';
import type { CacheSaving } from '../../../src-main/contract/reports.ts';
import { Money } from '../../ui/money.tsx';
import { renderCount } from '../../ui/render-number.ts';

/** "saved $1.08": what cached input cost less; unknown is said as such. */
export function SavingWords({ saving }: { saving: CacheSaving }): ReactNode {
  if (saving.calls + saving.unknown === 0) return 'nothing was cached';
  if (saving.savedNanoUsd === null) return <span title={renderUnknown(saving)}>what it saved is not known</span>;
  const isDearer = saving.savedNanoUsd < 0;
  return (
    <>
      {isDearer ? 'cost ' : 'saved '}
      <Money nanoUsd={Math.abs(saving.savedNanoUsd)} title={renderTitle(saving)} />
      {isDearer && ' more'}
      {saving.unknown > 0 && ` · not known for ${renderCount(saving.unknown)} calls`}
    </>
  );
}

/** The amount alone, below zero where caching cost more. */
export function SavingAmount({ saving }: { saving: CacheSaving | null }): ReactNode {
  if (saving === null || saving.calls + saving.unknown === 0) return '–';
  if (saving.savedNanoUsd === null) return <span title={renderUnknown(saving)}>unknown</span>;
  return (
    <>
      <Money nanoUsd={saving.savedNanoUsd} title={renderTitle(saving)} />
      {saving.unknown > 0 && ' +'}
    </>
  );
}

function renderTitle(saving: CacheSaving): string {
  const text = 'against the price of uncached input; what writing to the cache cost more is taken off';
  return saving.unknown === 0 ? text : `${text} · ${renderUnknown(saving)}`;
}

function renderUnknown({ unknown }: CacheSaving): string {
  return `${unknown} ${unknown === 1 ? 'call' : 'calls'} with cached input and no known price`;
}
