import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { VaultStatus } from '../../../src-main/contract/entities.ts';
import { statusQuery } from '../../api/queries.ts';
import { UnlockVault } from '../../product/unlock-vault.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Hint, Row, Stack } from '../../ui/stack.tsx';
import { MoveVault } from './move-vault.tsx';

/** Where the key lies that seals the providers' keys. */
export function VaultCard(): ReactNode {
  const { data: status, error } = useQuery(statusQuery);
  return (
    <Card id="vault" title="Where keys are kept">
      {status !== undefined && <VaultPlace vault={status.vault} />}
      {status === undefined && error === null && <Skeleton lines={2} />}
      {status === undefined && error !== null && <Failure>It could not be read: {error.message}</Failure>}
    </Card>
  );
}

function VaultPlace({ vault }: { vault: VaultStatus }): ReactNode {
  const [isMoving, setMoving] = useState(false);
  const isUsable = vault.state === 'open' || vault.state === 'empty';
  return (
    <Stack>
      <p>{vault.state === 'empty' && vault.kind === 'none' ? 'No key is stored yet.' : vault.label}</p>
      {vault.notice !== null && (isUsable ? <Hint>{vault.notice}</Hint> : <Failure>{vault.notice}</Failure>)}
      {vault.state === 'locked' && vault.kind === 'passphrase' && <UnlockVault />}
      {vault.named && <Hint>The environment variable TOLLGATE_VAULT names this place at every start.</Hint>}
      {isUsable && !vault.named && (
        <Row>
          <Button onPress={() => setMoving(true)}>{vault.kind === 'passphrase' ? 'Move, or change the passphrase…' : 'Move…'}</Button>
        </Row>
      )}
      {isMoving && <MoveVault from={vault.kind} onClose={() => setMoving(false)} />}
    </Stack>
  );
}
