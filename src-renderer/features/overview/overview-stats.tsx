import type { ReactNode } from 'react';
import type { SpendTotals } from '../../../src-main/contract/entities.ts';
import type { CacheSavings, LatencyReport } from '../../../src-main/contract/reports.ts';
import { Money } from '../../ui/money.tsx';
import { renderCount, renderDuration, renderShare } from '../../ui/render-number.ts';
import styles from './overview.module.css';
import { SavingWords } from './saving.tsx';

interface OverviewStatsProps {
  totals: SpendTotals;
  previous: SpendTotals | undefined;
  latency: LatencyReport | undefined;
  savings: CacheSavings | undefined;
}

/** Four numbers: spend beside the period before, calls, what the cache did, how long it took. */
export function OverviewStats({ totals, previous, latency, savings }: OverviewStatsProps): ReactNode {
  const input = totals.inputUncached + totals.inputCacheRead + totals.inputCacheWrite;
  return (
    <dl className={styles['stats']}>
      <Stat label="Spend" note={renderChange(totals, previous)}>
        <Money nanoUsd={totals.costNanoUsd} unpriced={totals.unpriced} />
      </Stat>
      <Stat
        label="Calls"
        note={`${renderCount(totals.failed)} failed · ${renderCount(totals.output + totals.outputReasoning)} output tokens`}
      >
        {renderCount(totals.calls)}
      </Stat>
      <Stat label="Cache hits" note={savings === undefined ? ' ' : <Saved savings={savings} />}>
        <span title={`${renderCount(totals.inputCacheRead)} of ${renderCount(input)} input tokens`}>
          {renderShare(totals.inputCacheRead, input) ?? '–'}
        </span>
      </Stat>
      <Stat label="Median duration" note={latency === undefined ? ' ' : renderLatencyNote(latency)}>
        <span title={renderLatencyBasis(latency)}>{renderDuration(latency?.totals.durationMs?.p50 ?? null)}</span>
      </Stat>
    </dl>
  );
}

function Stat({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className={styles['stat']}>
      <dt>{label}</dt>
      <dd className={styles['number']}>{children}</dd>
      <dd className={styles['note']}>{note}</dd>
    </div>
  );
}

function Saved({ savings: { totals, countedFrom, from } }: { savings: CacheSavings }): ReactNode {
  return (
    <>
      <SavingWords saving={totals} />
      {countedFrom > from && ' · still counting'}
    </>
  );
}

function renderLatencyNote({ totals: { durationMs, firstTokenMs } }: LatencyReport): string {
  if (durationMs === null) return 'no successful call';
  const first = `first token ${renderDuration(firstTokenMs?.p50 ?? null)}`;
  return `95 % within ${renderDuration(durationMs.p95)} · ${first}`;
}

function renderLatencyBasis(latency: LatencyReport | undefined): string | undefined {
  if (latency === undefined) return undefined;
  const { calls, streamed, firstTokenMs } = latency.totals;
  const whose = latency.isWhole ? `${renderCount(calls)} successful calls` : `the newest ${renderCount(calls)} successful calls`;
  const first =
    firstTokenMs === null ? '' : `; first token of ${renderCount(streamed)} streamed ones, 95 % within ${renderDuration(firstTokenMs.p95)}`;
  return `of ${whose}${first}`;
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
