import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import { Money } from '../../ui/money.tsx';
import { renderExactCount } from '../../ui/render-number.ts';
import { renderPicoUsd } from '../../ui/render-pico-usd.ts';
import styles from './call-detail.module.css';
import {
  bucketWords,
  type CostLine,
  findUnpricedBuckets,
  readCostLines,
  readPriceNote,
  readUncachedCost,
  renderRate,
  sumPicoUsd,
  type UncachedCost,
} from './cost-lines.ts';

const sourceWords: Record<CallDetail['costSource'], string> = {
  provider: 'The provider reported this amount itself.',
  'price-book': 'Computed from the price book.',
  override: 'Computed from your own price.',
  unknown: 'No price is known for this call.',
  estimated: 'Estimated: the provider reported no usage, so tokens were counted here.',
  demo: 'A demo model: nobody is billed.',
  free: 'Free of charge.',
};

export function CostTab({ call }: { call: CallDetail }): ReactNode {
  const lines = readCostLines(call.costLines);
  const rest = findUnpricedBuckets(call.usage, lines);
  const note = readPriceNote(call.priceRow);
  const uncached = readUncachedCost(lines, call.usage, call.priceRow);
  const isUnpriced = call.costNanoUsd === null;
  return (
    <>
      <p>
        <Money nanoUsd={call.costNanoUsd} source={call.costSource} /> <span className={styles['dim']}>{sourceWords[call.costSource]}</span>
      </p>
      {isUnpriced && call.status !== 'started' && <Unpriced call={call} />}
      {lines.length + rest.length > 0 && <Lines lines={lines} rest={rest} />}
      {uncached !== null && <Uncached cost={uncached} />}
      {note !== null && (
        <p className={styles['dim']}>
          Price of {note.model ?? 'this model'}
          {note.tier !== null && `, tier ${note.tier}`}: {note.source ?? 'source not known'}
          {note.checkedAt !== null && `, checked ${note.checkedAt.slice(0, 10)}`}
        </p>
      )}
      {call.usage.flags.length > 0 && (
        <p className={styles['dim']}>Notes on the usage: {call.usage.flags.join(', ').replaceAll('_', ' ')}</p>
      )}
      {call.rawUsage !== null && call.rawUsage !== undefined && (
        <details>
          <summary>Usage as the provider reported it</summary>
          <pre>{JSON.stringify(call.rawUsage, null, 2).slice(0, 20_000)}</pre>
        </details>
      )}
    </>
  );
}

/** What a price of one's own would be for. */
function renderMatch({ provider, model, requestedModel }: CallDetail): string {
  return provider === null ? (model ?? requestedModel) : `${provider}/${model ?? requestedModel}`;
}

function Unpriced({ call }: { call: CallDetail }): ReactNode {
  const hasUsage = Object.values(call.usage).some((count) => typeof count === 'number');
  if (!hasUsage) return <p>No tokens were reported, so there is nothing to reckon with. Sums leave this call out and say so.</p>;
  return (
    <p>
      Unpriced is not free: {call.model ?? 'this model'} is in no price list here.{' '}
      <Link href={`/settings?model=${encodeURIComponent(renderMatch(call))}#prices`}>Set a price in Settings</Link> and it counts from the
      next call on.
    </p>
  );
}

function Uncached({ cost: { picoUsd, savedPicoUsd } }: { cost: UncachedCost }): ReactNode {
  const difference = renderPicoUsd((savedPicoUsd < 0n ? -savedPicoUsd : savedPicoUsd).toString());
  return (
    <p>
      Without a cache it would have cost {renderPicoUsd(picoUsd) ?? '–'}:{' '}
      {savedPicoUsd < 0n ? `writing to the cache cost ${difference} more than reading from it saved.` : `the cache saved ${difference}.`}
    </p>
  );
}

function Lines({ lines, rest }: { lines: readonly CostLine[]; rest: readonly [string, number][] }): ReactNode {
  const number = styles['number'];
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Bucket</th>
          <th scope="col" className={number}>
            Quantity
          </th>
          <th scope="col" className={number}>
            Rate
          </th>
          <th scope="col">Tier</th>
          <th scope="col" className={number}>
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.bucket} ${line.tier}`}>
            <td>{bucketWords[line.bucket] ?? line.bucket}</td>
            <td className={number}>{renderExactCount(line.quantity)}</td>
            <td className={number}>{renderRate(line)}</td>
            <td>{line.tier}</td>
            <td className={number}>{renderPicoUsd(line.amountPicoUsd) ?? '–'}</td>
          </tr>
        ))}
        {rest.map(([bucket, quantity]) => (
          <tr key={bucket}>
            <td>{bucketWords[bucket] ?? bucket}</td>
            <td className={number}>{renderExactCount(quantity)}</td>
            <td className={number}>–</td>
            <td />
            <td className={number}>–</td>
          </tr>
        ))}
      </tbody>
      {lines.length > 0 && (
        <tfoot>
          <tr>
            <td colSpan={4}>Sum of the lines</td>
            <td className={number}>{renderPicoUsd(sumPicoUsd(lines)) ?? '–'}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
