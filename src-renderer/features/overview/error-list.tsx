import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ErrorReport } from '../../../src-main/contract/reports.ts';
import { statusWords } from '../../product/status-words.ts';
import { Card } from '../../ui/card.tsx';
import { renderCount } from '../../ui/render-number.ts';
import { Time } from '../../ui/time.tsx';
import { renderCallsPath } from './calls-path.ts';
import styles from './overview.module.css';
import type { OverviewChoice } from './overview-choice.ts';

const shown = 8;
type ErrorItem = ErrorReport['items'][number];

/** What failed in the range, the most frequent first; each leads to its calls. */
export function ErrorList({ report, filter }: { report: ErrorReport; filter: OverviewChoice['filter'] }): ReactNode {
  const rest = report.items.slice(shown).reduce((sum, { calls }) => sum + calls, 0);
  const aside = report.isWhole ? `${renderCount(report.calls)} calls` : `of the newest ${renderCount(report.calls)}`;
  return (
    <Card title="Errors" aside={<span className={styles['note']}>{aside}</span>}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">provider</th>
            <th scope="col">HTTP</th>
            <th scope="col">calls</th>
            <th scope="col">last</th>
          </tr>
        </thead>
        <tbody>
          {report.items.slice(0, shown).map((item) => (
            <tr key={JSON.stringify([item.status, item.errorCode, item.httpStatus, item.provider])}>
              <th scope="row">
                <Link href={renderCallsPath(item, report, filter)}>{renderWhat(item)}</Link>
              </th>
              <td>{item.provider ?? '–'}</td>
              <td>{item.httpStatus ?? '–'}</td>
              <td>{renderCount(item.calls)}</td>
              <td>
                <Link href={`/calls/${item.lastCallId}`}>
                  <Time at={item.lastAt} />
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className={styles['note']}>and {renderCount(rest)} calls with other errors</p>}
    </Card>
  );
}

function renderWhat({ status, errorCode }: ErrorItem): string {
  if (errorCode === null) return statusWords[status];
  const words = errorCode.replaceAll('_', ' ');
  return status === 'error' || status === 'blocked' ? words : `${words}, ${statusWords[status]}`;
}
