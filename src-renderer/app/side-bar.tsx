import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLiveState } from '../api/live-state.tsx';
import { settingsQuery, statusQuery } from '../api/queries.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Money } from '../ui/money.tsx';
import { renderUsd } from '../ui/render-usd.ts';
import { pages } from './pages.tsx';
import styles from './side-bar.module.css';

const storageKey = 'tollgate-side-bar';
/** As the system writes it. */
const searchKeys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K';

export function SideBar({ onSearch }: { onSearch: () => void }): ReactNode {
  const [isNarrow, setNarrow] = useState(() => localStorage.getItem(storageKey) === 'narrow');
  const [location] = useLocation();
  const toggle = (): void => {
    localStorage.setItem(storageKey, isNarrow ? 'wide' : 'narrow');
    setNarrow(!isNarrow);
  };
  return (
    <div className={styles['bar']} data-narrow={isNarrow || undefined}>
      <div className={styles['head']}>
        <span className={styles['name']}>Tollgate</span>
        <IconButton icon="sidebar" label={isNarrow ? 'Show names' : 'Show icons only'} onPress={toggle} />
      </div>
      <button
        type="button"
        className={styles['search']}
        onClick={onSearch}
        aria-label={isNarrow ? 'Search' : undefined}
        title={isNarrow ? 'Search' : undefined}
      >
        <Icon name="search" />
        <span>Search</span>
        <span className={styles['keys']} aria-hidden="true">
          {searchKeys}
        </span>
      </button>
      <nav aria-label="Pages" className={styles['pages']}>
        {pages.map(({ path, name, icon }) => (
          <Link
            key={path}
            href={path}
            className={styles['page'] ?? ''}
            aria-current={isCurrent(location, path) ? 'page' : undefined}
            title={isNarrow ? name : undefined}
          >
            <Icon name={icon} />
            <span>{name}</span>
          </Link>
        ))}
      </nav>
      <Foot />
    </div>
  );
}

function isCurrent(location: string, path: string): boolean {
  return path === '/' ? location === '/' : location.startsWith(path);
}

/** Always there: whether the gateway runs, where it listens, what today cost. */
function Foot(): ReactNode {
  const live = useLiveState();
  const { data: status } = useQuery(statusQuery);
  const state =
    live === 'live' ? (status?.ledger.state === 'degraded' ? 'degraded' : 'running') : live === 'connecting' ? 'connecting' : 'offline';
  return (
    <div className={styles['foot']}>
      <p className={styles['state']} data-state={state} role="status">
        <span className={styles['dot']} aria-hidden="true" />
        <span className={styles['label']}>{state === 'degraded' ? 'needs a look' : state}</span>
      </p>
      <div className={styles['address']}>
        <code>:{location.port || '80'}</code>
        <CopyButton text={`${location.origin}/v1`} label="Copy base URL" isBrief />
      </div>
      {status !== undefined && (
        <p>
          <Money nanoUsd={status.today.costNanoUsd} unpriced={status.today.unpriced} /> <span className={styles['label']}>today</span>
        </p>
      )}
      {status !== undefined && <Budget spentNanoUsd={status.today.costNanoUsd} unpriced={status.today.unpriced} />}
    </div>
  );
}

/**
 * How much of the day's budget is spent; nothing where there is none. Calls without a price may have cost more: then it is
 * the least that was spent, and unknown where that would be 0.
 */
function Budget({ spentNanoUsd, unpriced }: { spentNanoUsd: number; unpriced: number }): ReactNode {
  const { data: settings } = useQuery(settingsQuery);
  const limit = settings?.dailyBudgetNanoUsd ?? null;
  if (limit === null) return null;
  const isKnown = spentNanoUsd > 0 || unpriced === 0;
  const share = `${unpriced > 0 ? '≥ ' : ''}${Math.floor((spentNanoUsd / limit) * 100)} %`;
  const words = `${isKnown ? share : 'unknown part'} of ${renderUsd(limit)}`;
  return (
    <Link href="/settings#budget" className={styles['budget'] ?? ''} title={`${words} a day`}>
      {isKnown && (
        <progress
          aria-label="Spent of today’s budget"
          max={limit}
          value={Math.min(spentNanoUsd, limit)}
          data-over={spentNanoUsd > limit || undefined}
        />
      )}
      <span className={styles['label']}>{words}</span>
    </Link>
  );
}
