import type { ReactNode } from 'react';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import styles from './call-detail.module.css';

/** What the other dialect has no room for. */
export function LossesTab({ losses }: { losses: CallDetail['losses'] }): ReactNode {
  if (losses.length === 0)
    return <p className={styles['dim']}>Nothing was lost on the way: all of the request and the reply was carried over.</p>;
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">Why it could not be carried over</th>
        </tr>
      </thead>
      <tbody>
        {losses.map(({ path, reason }) => (
          <tr key={`${path} ${reason}`}>
            <td>
              <code>{path}</code>
            </td>
            <td>{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
