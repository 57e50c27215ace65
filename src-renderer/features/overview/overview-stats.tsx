import type { ReactNode } from 'react';
import type { SpendTotals } from '../../../src-main/contract/entities.ts';
import { Money } from '../../ui/money.tsx';
import { renderCount, renderDuration, renderShare } from '../../ui/render-number.ts';
import styles from './overview.module.css';

/** Four numbers, each beside the period before. */
export function OverviewStats({ totals, previous }: { totals: SpendTotals; previous: SpendTotals | undefined }): ReactNode {
  const input = totals.inputUncached + totals.inputCacheRead + totals.inputCacheWrite;
  const hits = renderShare(totals.inputCacheRead, input);
  const mean = totals.calls === 0 ? null : totals.durationMs / totals.calls;
  return (
    <dl className={styles['stats']}>
      <Stat label="Spend" note={renderChange(totals, previous)}>
        <Money nanoUsd={totals.costNanoUsd} unpriced={totals.unpriced} />
      </Stat>
      <Stat label="Calls" note={`${renderCount(totals.failed)} failed`}>
        {renderCount(totals.calls)}
      </Stat>
      <Stat label="Cache hits" note={`${renderCount(totals.inputCacheRead)} of ${renderCount(input)} input tokens`}>
        {hits ?? '–'}
      </Stat>
      <Stat label="Mean duration" note={`${renderCount(totals.output + totals.outputReasoning)} output tokens`}>
        {renderDuration(mean)}
      </Stat>
    </dl>
  );
}

function Stat({ label, note, children }: { label: string; note: string; children: ReactNode }): ReactNode {
  return (
    <div className={styles['stat']}>
      <dt>{label}</dt>
      <dd className={styles['number']}>{children}</dd>
      <dd className={styles['note']}>{note}</dd>
    </div>
  );
}

/** "▲ 12 % on the period before"; nothing to compare with is said as such. */
function renderChange(totals: SpendTotals, previous: SpendTotals | undefined): string {
  if (previous === undefined) return ' ';
  if (totals.unpriced + previous.unpriced > 0) return 'not compared: some calls have no price';
  const [now, before] = [totals.costNanoUsd, previous.costNanoUsd];
  if (before === 0) return now === 0 ? 'nothing before either' : 'nothing in the period before';
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return 'as in the period before';
  if (percent >= 900) return '▲ over ten times the period before';
  return `${percent > 0 ? '▲' : '▼'} ${Math.abs(percent)} % on the period before`;
}
