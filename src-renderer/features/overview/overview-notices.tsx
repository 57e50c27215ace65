import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './overview.module.css';

/** What is wrong with what the page shows. */
export function OverviewNotices({
  error,
  isRangeBad,
  onRetry,
}: {
  error: Error | null;
  isRangeBad: boolean;
  onRetry: () => void;
}): ReactNode {
  if (error === null && !isRangeBad) return null;
  return (
    <div className={styles['notices']}>
      {error !== null && (
        <Notice kind="bad" title="Not all of it could be read" action={<Button onPress={onRetry}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {isRangeBad && (
        <Notice kind="look" title="The range in the address cannot be read.">
          A range is two days, at most a year apart. The last 30 days are shown.
        </Notice>
      )}
    </div>
  );
}
