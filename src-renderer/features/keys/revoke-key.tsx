import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CallerKey } from '../../../src-main/contract/entities.ts';
import { callAdmin } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Failure } from '../../ui/stack.tsx';

export function RevokeKey({ callerKey: { id, name } }: { callerKey: CallerKey }): ReactNode {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => callAdmin('revokeCallerKey', { params: { id } }),
    onSuccess: () => {
      setAsking(false);
      return queries.invalidateQueries({ queryKey: ['listCallerKeys'] });
    },
  });
  return (
    <>
      <Button onPress={() => setAsking(true)}>Revoke</Button>
      {isAsking && (
        <Modal title={`Revoke “${name}”?`} onClose={() => setAsking(false)}>
          <p>Tools with this key are refused at once, and their calls under way are cut off. This cannot be undone.</p>
          {revoke.error !== null && <Failure>Not revoked: {revoke.error.message}</Failure>}
          <ModalActions>
            <Button onPress={() => setAsking(false)}>Keep it</Button>
            <Button kind="danger" isBusy={revoke.isPending} onPress={() => revoke.mutate()}>
              Revoke
            </Button>
          </ModalActions>
        </Modal>
      )}
    </>
  );
}
