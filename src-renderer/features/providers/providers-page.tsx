import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { Provider } from '../../../src-main/contract/entities.ts';
import { localServersQuery, providersQuery } from '../../api/queries.ts';
import { LocalServers } from '../../product/local-servers.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { ProviderList } from './provider-list.tsx';
import { groupProviders } from './provider-state.ts';
import { VaultNotice } from './vault-notice.tsx';

/** Where models come from. */
export function ProvidersPage(): ReactNode {
  const { data, isPending, error, refetch } = useQuery(providersQuery);
  const [search, setSearch] = useSearchParams();
  const isAdding = search.has('add');
  const showForm = (isShown: boolean): void => setSearch(isShown ? { add: '' } : {});
  const add = (
    <Button onPress={() => showForm(!isAdding)}>
      <Icon name="plus" />
      Add an endpoint
    </Button>
  );
  return (
    <Page title="Providers" tools={add}>
      <VaultNotice />
      {isAdding && <EndpointForm onDone={() => showForm(false)} />}
      {isPending && <Skeleton lines={6} />}
      {error !== null && data === undefined && (
        <ErrorState
          title="Providers could not be read"
          cause="The gateway did not list them. Its own state is shown at the foot of the side bar."
          detail={error.message}
          action={{ label: 'Try again', run: () => void refetch() }}
        />
      )}
      {data !== undefined && <Groups providers={data.items} />}
    </Page>
  );
}

function Groups({ providers }: { providers: readonly Provider[] }): ReactNode {
  const { ready, open, local } = groupProviders(providers);
  const { data: found } = useQuery(localServersQuery);
  const silent = local.filter(({ id }) => found?.items.every((server) => server.id !== id) ?? true);
  return (
    <>
      <Card title="Set up">
        <ProviderList
          label="Set up"
          providers={ready}
          empty="Nothing yet: give a provider below its key, or add a server of this machine."
        />
      </Card>
      <Card title="Servers on this machine">
        <LocalServers />
        <ProviderList label="Servers on this machine" providers={silent} empty={null} />
      </Card>
      <Card title="Waiting for a key">
        <ProviderList label="Waiting for a key" providers={open} empty="Every known provider has a key." />
      </Card>
    </>
  );
}
