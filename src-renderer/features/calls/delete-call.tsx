import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { callAdmin } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './call-detail.module.css';

/** Asks once; what is deleted is gone. */
export function DeleteCall({ id, onDeleted }: { id: string; onDeleted: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => callAdmin('deleteCall', { params: { id } }),
    onSuccess: () => {
      dialog.current?.close();
      onDeleted();
      for (const name of ['readSpend', 'readStatus']) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  return (
    <>
      <IconButton icon="trash" label="Delete the call…" onPress={() => dialog.current?.showModal()} />
      <dialog ref={dialog} className={styles['dialog']} aria-labelledby="delete-title">
        <form method="dialog">
          <h2 id="delete-title">Delete this call?</h2>
          <p>Its text, its tokens and its cost leave this machine's ledger, and the sums change. This cannot be undone.</p>
          {remove.error !== null && <p role="alert">{remove.error.message}</p>}
          <div className={styles['tools']}>
            <Button kind="danger" isBusy={remove.isPending} onPress={() => remove.mutate()}>
              Delete
            </Button>
            <Button type="submit">Keep</Button>
          </div>
        </form>
      </dialog>
    </>
  );
}
