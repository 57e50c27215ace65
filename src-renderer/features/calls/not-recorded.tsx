import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallDetail } from '../../../src-main/contract/entities.ts';
import styles from './call-detail.module.css';

/** In the place of a call's texts when there are none. */
export function NotRecorded({ status }: { status: CallDetail['status'] }): ReactNode {
  if (status === 'started') return <p className={styles['dim']}>The call is running. What was said shows up here when it ends.</p>;
  return (
    <p className={styles['dim']}>
      What was said was not recorded, or is no longer kept. Tokens, cost and times are.{' '}
      <Link href="/settings#recording">Choose what is recorded</Link>
    </p>
  );
}
