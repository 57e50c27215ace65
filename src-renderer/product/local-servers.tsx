import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { LocalServer } from '../../src-main/contract/entities.ts';
import { localServersQuery, providersQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Failure, Hint, Row, Stack, Success } from '../ui/stack.tsx';
import { useSaveProvider } from './use-save-provider.ts';

/** Model servers that answer on this machine, each added with one click. */
export function LocalServers(): ReactNode {
  const { data, isPending, error, isFetching, refetch } = useQuery(localServersQuery);
  const { data: providers } = useQuery(providersQuery);
  if (isPending) return <Hint>Looking for Ollama, LM Studio, llama.cpp and vLLM on this machine…</Hint>;
  const isAdded = (server: LocalServer): boolean =>
    providers?.items.some(({ id, models }) => id === server.id && server.models.every((model) => models.includes(model))) ?? false;
  return (
    <Stack>
      {error !== null && <Failure>Local servers could not be looked for: {error.message}</Failure>}
      <Row>
        <Hint>
          {data?.items.length === 0 ? 'No Ollama, LM Studio, llama.cpp or vLLM answers on its usual port.' : 'Answering on this machine:'}
        </Hint>
        <Button isBusy={isFetching} onPress={() => void refetch()}>
          {isFetching ? 'Looking…' : 'Look again'}
        </Button>
      </Row>
      {data?.items.map((server) => (
        <FoundServer key={server.id} server={server} isAdded={isAdded(server)} />
      ))}
    </Stack>
  );
}

function FoundServer({ server, isAdded }: { server: LocalServer; isAdded: boolean }): ReactNode {
  const save = useSaveProvider();
  const add = (): void => save.mutate({ id: server.id, baseUrl: server.baseUrl, models: server.models, enabled: true });
  return (
    <Row>
      <span>
        {server.name} on :{new URL(server.baseUrl).port || '80'}, {server.models.length} {server.models.length === 1 ? 'model' : 'models'}
      </span>
      {isAdded || save.isSuccess ? (
        <Success>Added</Success>
      ) : (
        <Button onPress={add} isBusy={save.isPending}>
          Add
        </Button>
      )}
      {save.error !== null && <Failure>{save.error.message}</Failure>}
    </Row>
  );
}
