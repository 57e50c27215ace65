import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { recentCallsQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ErrorList } from './error-list.tsx';
import { FilterChips } from './filter-chips.tsx';
import { buildRows, turnSort } from './group-rows.ts';
import { GroupTable } from './group-table.tsx';
import { GroupingChoice } from './grouping-choice.tsx';
import { LiveCalls } from './live-calls.tsx';
import { narrow, useOverviewChoice } from './overview-choice.ts';
import { OverviewNotices } from './overview-notices.tsx';
import { OverviewStats } from './overview-stats.tsx';
import { RangeChoice } from './range-choice.tsx';
import { SpendChart } from './spend-chart.tsx';
import { UnpricedInbox } from './unpriced-inbox.tsx';
import { useGroupLabels } from './use-group-labels.ts';
import { useOverview } from './use-overview.ts';
import { useOverviewReports } from './use-overview-reports.ts';

/** More than are shown: the page says when all of them are the demo's. */
const latestCount = 50;

/** What was spent, on what, and what is going on. */
export function OverviewPage(): ReactNode {
  const [choice, change] = useOverviewChoice();
  const overview = useOverview(choice);
  const reports = useOverviewReports(choice, overview.range);
  const latest = useQuery(recentCallsQuery(latestCount));
  const labelOf = useGroupLabels();
  const [pricing, setPricing] = useState<string | null>(null);
  const [, navigate] = useLocation();
  const calls = latest.data?.items ?? (latest.isError ? [] : undefined);
  const error = overview.error ?? latest.error ?? reports.error;
  const retry = (): void => {
    overview.retry();
    reports.retry();
    void latest.refetch();
  };
  const { report } = overview;
  if (overview.error !== null && report === undefined) {
    return (
      <Page title="Overview">
        <ErrorState title="Spend cannot be read" cause={overview.error.message} action={{ label: 'Try again', run: retry }} />
      </Page>
    );
  }
  if (report === undefined || calls === undefined) return <Skeleton lines={8} />;
  // Calls may be gone from the ledger while their sums stay.
  if (latest.isSuccess && calls.length === 0 && report.totals.calls === 0) return <NoCalls onStart={() => navigate('/start')} />;
  const onlyDemo = choice.filter.includeDemo !== true && calls.every(({ provider }) => provider === 'demo' || provider === null);
  const select = (name: string): void => change(narrow(choice.by, name, choice.filter.tag));
  const inbox = reports.unpriced?.items ?? [];
  return (
    <Page title="Overview" tools={<RangeChoice choice={choice} onChange={change} />}>
      <OverviewNotices error={error} isRangeBad={overview.isRangeBad} onRetry={retry} />
      <FilterChips choice={choice} labelOf={labelOf} onChange={change} showsDemoHint={onlyDemo} />
      <OverviewStats totals={report.totals} previous={overview.previous?.totals} latency={reports.latency} savings={reports.savings} />
      <SpendChart
        overview={overview}
        canPrice={inbox.length > 0}
        isFiltered={Object.keys(choice.filter).length > 0}
        labelOf={(name) => labelOf(choice.by, name)}
        tools={<GroupingChoice by={choice.by} onChange={(by) => change({ by })} />}
        onSelect={select}
      />
      {inbox.length > 0 && reports.unpriced !== undefined && <UnpricedInbox report={reports.unpriced} open={pricing} onOpen={setPricing} />}
      {report.groups.length > 0 && (
        <GroupTable
          by={choice.by}
          rows={buildRows(report, reports.latency, reports.savings)}
          sort={choice.sort}
          colourOf={overview.colourOf}
          labelOf={(name) => labelOf(choice.by, name)}
          onSort={(column) => change({ sort: turnSort(choice.sort, column) })}
          onSelect={select}
          onPrice={({ key }) => {
            const item = choice.by === 'model' ? inbox.find(({ model }) => model === key) : undefined;
            return item === undefined ? null : () => setPricing(`${item.provider}/${item.model}`);
          }}
        />
      )}
      {reports.errors !== undefined && reports.errors.items.length > 0 && <ErrorList report={reports.errors} filter={choice.filter} />}
      <LiveCalls calls={calls.slice(0, 8)} />
    </Page>
  );
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
