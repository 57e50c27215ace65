import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { callerKeysQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { KeyForm } from './key-form.tsx';
import { KeyTable } from './key-table.tsx';

/** Keys with which tools call the gateway. */
export function KeysPage(): ReactNode {
  const { data, isPending, error, refetch } = useQuery(callerKeysQuery);
  const [search, setSearch] = useSearchParams();
  const set = (name: string, isOn: boolean): void =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (isOn) next.set(name, '1');
      else next.delete(name);
      return next;
    });
  const create = (
    <Button kind="primary" onPress={() => set('create', true)}>
      <Icon name="plus" />
      Create a key
    </Button>
  );
  const keys = data?.items ?? [];
  const hasRevoked = keys.some(({ revokedAt }) => revokedAt !== null);
  const shown = keys.filter(({ revokedAt }) => revokedAt === null || search.has('revoked'));
  return (
    <Page title="Keys" tools={create}>
      {isPending && <Skeleton lines={5} />}
      {error !== null && data === undefined && (
        <ErrorState
          title="Keys could not be read"
          cause="The gateway did not list them."
          detail={error.message}
          action={{ label: 'Try again', run: () => void refetch() }}
        />
      )}
      {data !== undefined && shown.length === 0 && (
        <EmptyState title="No caller key yet" action={create}>
          Every tool calls Tollgate with a key of its own, so that its calls can be told apart, tagged, limited and cut off.
        </EmptyState>
      )}
      {shown.length > 0 && <KeyTable keys={shown} />}
      {hasRevoked && <Toggle label="Show revoked keys" isOn={search.has('revoked')} onChange={(isOn) => set('revoked', isOn)} />}
      {search.has('create') && <KeyForm onClose={() => set('create', false)} />}
    </Page>
  );
}
