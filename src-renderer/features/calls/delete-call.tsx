import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { callAdmin } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Failure } from '../../ui/stack.tsx';

/** Asks once; what is deleted is gone. */
export function DeleteCall({ id, onDeleted }: { id: string; onDeleted: () => void }): ReactNode {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => callAdmin('deleteCall', { params: { id } }),
    onSuccess: () => {
      setAsking(false);
      onDeleted();
      for (const name of ['readSpend', 'readStatus']) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  return (
    <>
      <IconButton icon="trash" label="Delete the call…" onPress={() => setAsking(true)} />
      {isAsking && (
        <Modal title="Delete this call?" onClose={() => setAsking(false)}>
          <p>Its text and its row leave this machine's ledger. What it cost stays in the sums. This cannot be undone.</p>
          {remove.error !== null && <Failure>{remove.error.message}</Failure>}
          <ModalActions>
            <Button onPress={() => setAsking(false)}>Keep</Button>
            <Button kind="danger" isBusy={remove.isPending} onPress={() => remove.mutate()}>
              Delete
            </Button>
          </ModalActions>
        </Modal>
      )}
    </>
  );
}
