import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Provider } from '../../../src-main/contract/entities.ts';
import { callAdmin } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Failure } from '../../ui/stack.tsx';

export function RemoveProvider({ provider, onClose }: { provider: Provider; onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => callAdmin('removeProvider', { params: { id: provider.id } }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['listProviders'] });
    },
  });
  return (
    <Modal title={`Remove ${provider.name}?`} onClose={onClose}>
      <p>Its settings and its stored key are deleted. Calls already made stay in the ledger.</p>
      {remove.error !== null && <Failure>Not removed: {remove.error.message}</Failure>}
      <ModalActions>
        <Button onPress={onClose}>Keep it</Button>
        <Button kind="danger" isBusy={remove.isPending} onPress={() => remove.mutate()}>
          Remove
        </Button>
      </ModalActions>
    </Modal>
  );
}
