import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Provider } from '../../../src-main/contract/entities.ts';
import { callAdmin } from '../../api/client.ts';
import { renderTested, useSaveProvider } from '../../product/use-save-provider.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Success } from '../../ui/stack.tsx';
import styles from './providers.module.css';
import { RemoveProvider } from './remove-provider.tsx';

export interface ProviderActionsProps {
  provider: Provider;
  isReadOnly: boolean;
  isEditing: boolean;
  onEdit: () => void;
}

export function ProviderActions({ provider, isReadOnly, isEditing, onEdit }: ProviderActionsProps): ReactNode {
  const queries = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const save = useSaveProvider();
  const test = useMutation({
    mutationFn: () => callAdmin('testProvider', { params: { id: provider.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['listProviders'] }),
  });
  const isTestable = provider.key.state === 'set' || provider.key.state === 'not-needed';
  const { data: result, error } = test;
  return (
    <>
      <div className={styles['actions']}>
        {isTestable && (
          <Button isBusy={test.isPending} onPress={() => test.mutate()}>
            {test.isPending ? 'Testing…' : 'Test now'}
          </Button>
        )}
        {!isReadOnly && (
          <Button onPress={onEdit}>{isEditing ? 'Cancel' : provider.key.lastFour === null ? 'Add key' : 'Replace key'}</Button>
        )}
        {!isReadOnly && provider.source === 'user' && (
          <>
            <Button isBusy={save.isPending} onPress={() => save.mutate({ id: provider.id, enabled: !provider.enabled, skipTest: true })}>
              {provider.enabled ? 'Turn off' : 'Turn on'}
            </Button>
            <Button kind="danger" onPress={() => setRemoving(true)}>
              Remove
            </Button>
          </>
        )}
      </div>
      <div className={styles['result']}>
        {result?.ok === true && <Success>{renderTested(provider.name, result)}</Success>}
        {result?.ok === false && <Failure>The test failed: {result.message ?? 'no answer.'}</Failure>}
        {(error ?? save.error) !== null && <Failure>{(error ?? save.error)?.message}</Failure>}
      </div>
      {isRemoving && <RemoveProvider provider={provider} onClose={() => setRemoving(false)} />}
    </>
  );
}
