import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callAdmin } from '../../api/client.ts';
import { statusQuery } from '../../api/queries.ts';
import { UnlockVault } from '../../product/unlock-vault.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Hint } from '../../ui/stack.tsx';
import styles from './providers.module.css';

/** Where keys lie, and what is the matter when they cannot be reached. */
export function VaultNotice(): ReactNode {
  const queries = useQueryClient();
  const { data: status } = useQuery(statusQuery);
  const retry = useMutation({
    mutationFn: () => callAdmin('retryVault'),
    onSettled: () => queries.invalidateQueries(),
  });
  if (status === undefined) return null;
  const { kind, label, state, notice } = status.vault;
  const isWell = state === 'open' || state === 'empty';
  if (isWell && notice === null) {
    return (
      <Hint>
        {state === 'empty'
          ? 'No key is stored yet. What seals a key you add lies in the system’s keychain where there is one.'
          : `Keys are kept in: ${label}.`}
      </Hint>
    );
  }
  const needsPassphrase = state === 'locked' && kind === 'passphrase';
  const action =
    isWell || needsPassphrase ? undefined : (
      <Button isBusy={retry.isPending} onPress={() => retry.mutate()}>
        Try again
      </Button>
    );
  return (
    <div className={styles['vault']}>
      <Notice
        kind={isWell ? 'look' : 'bad'}
        title={isWell ? `Keys are kept in: ${label}.` : `The keys cannot be read (${label}: ${state}).`}
        action={action}
      >
        {notice ?? 'Unlock the keychain, then try again. Calls to providers that need a key fail until then.'}
        {retry.error !== null && ` ${retry.error.message}`}
      </Notice>
      {needsPassphrase && (
        <div className={styles['unlock']}>
          <UnlockVault />
        </div>
      )}
    </div>
  );
}
