import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { recentCallsQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FilterChips } from './filter-chips.tsx';
import { GroupTable } from './group-table.tsx';
import { GroupingChoice } from './grouping-choice.tsx';
import { LiveCalls } from './live-calls.tsx';
import { OverviewStats } from './overview-stats.tsx';
import { RangeChoice } from './range-choice.tsx';
import { SpendChart } from './spend-chart.tsx';
import { useOverview, useOverviewChoice } from './use-overview.ts';

/** More than are shown: the page says when all of them are the demo's. */
const latestCount = 50;

/** What was spent, on what, and what is going on. */
export function OverviewPage(): ReactNode {
  const [choice, change] = useOverviewChoice();
  const overview = useOverview(choice);
  const latest = useQuery(recentCallsQuery(latestCount));
  const calls = latest.data?.items ?? (latest.isError ? [] : undefined);
  const error = overview.error ?? latest.error;
  const retry = (): void => {
    overview.retry();
    void latest.refetch();
  };
  const [, navigate] = useLocation();
  if (overview.error !== null && overview.report === undefined) {
    return <ErrorState title="Spend cannot be read" cause={overview.error.message} action={{ label: 'Try again', run: retry }} />;
  }
  if (overview.report === undefined || calls === undefined) return <Skeleton lines={8} />;
  // Calls may be gone from the ledger while their sums stay.
  if (latest.isSuccess && calls.length === 0 && overview.report.totals.calls === 0) return <NoCalls onStart={() => navigate('/start')} />;
  const onlyDemo = choice.filter.includeDemo !== true && calls.every(({ provider }) => provider === 'demo' || provider === null);
  return (
    <Page title="Overview" tools={<RangeChoice choice={choice} onChange={change} />}>
      {error !== null && (
        <Notice kind="bad" title="Not all of it could be read" action={<Button onPress={retry}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {overview.isRangeBad && (
        <Notice kind="look" title="The range in the address cannot be read.">
          A range is two days, at most a year apart. The last 30 days are shown.
        </Notice>
      )}
      <FilterChips choice={choice} onChange={change} showsDemoHint={onlyDemo} />
      <OverviewStats totals={overview.report.totals} previous={overview.previous?.totals} />
      <SpendChart
        overview={overview}
        tools={<GroupingChoice by={choice.by} onChange={(by) => change({ by })} />}
        onSelect={(name) => change(filterFor(choice.by, name, choice.filter.tag))}
      />
      <GroupTable
        by={choice.by}
        report={overview.report}
        colourOf={overview.colourOf}
        onSelect={(name) => change(filterFor(choice.by, name, choice.filter.tag))}
      />
      <LiveCalls calls={calls.slice(0, 8)} />
    </Page>
  );
}

function filterFor(by: string, name: string, tags: string | string[] | undefined): Record<string, string | readonly string[]> {
  if (!by.startsWith('tag:')) return { [by]: name };
  return { tag: [...new Set([...[tags ?? []].flat(), `${by.slice(4)}:${name}`])] };
}

function NoCalls({ onStart }: { onStart: () => void }): ReactNode {
  return (
    <Page title="Overview">
      <EmptyState
        title="No calls yet"
        action={
          <Button kind="primary" onPress={onStart}>
            Set up the first one
          </Button>
        }
      >
        <p>Point a tool at this gateway and every call shows here: what it cost, how long it took, what was said.</p>
      </EmptyState>
    </Page>
  );
}
