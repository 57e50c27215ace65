import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface ListStateProps {
  pages: Pick<UseInfiniteQueryResult, 'isPending' | 'error' | 'refetch'>;
  isFiltered: boolean;
  onClear: () => void;
}

/** In the place of a list without rows. */
export function ListState({ pages, isFiltered, onClear }: ListStateProps): ReactNode {
  const [, navigate] = useLocation();
  if (pages.error !== null) {
    const action = { label: 'Try again', run: () => void pages.refetch() };
    return <ErrorState title="The calls cannot be listed" cause={pages.error.message} action={action} />;
  }
  if (pages.isPending) return <Skeleton lines={12} />;
  if (isFiltered) {
    return (
      <EmptyState title="No call matches" action={<Button onPress={onClear}>Clear filters</Button>}>
        <p>Every filter above must hold. Full text is searched in what was recorded only.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No calls yet"
      action={
        <Button kind="primary" onPress={() => navigate('/start')}>
          Make the first call
        </Button>
      }
    >
      <p>Whatever goes through Tollgate shows up here while it runs, with its tokens, its price and its text.</p>
    </EmptyState>
  );
}
