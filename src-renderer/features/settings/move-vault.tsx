import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { VaultKind } from '../../../src-main/contract/entities.ts';
import { callAdmin } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Pick, type PickOption } from '../../ui/pick.tsx';
import { Failure, Stack } from '../../ui/stack.tsx';

const places: readonly PickOption<VaultKind>[] = [
  { value: 'keyring', label: 'The system’s keychain', note: 'Opens with your login; nothing is asked.' },
  {
    value: 'passphrase',
    label: 'A file sealed by a passphrase',
    note: 'Asked for after every start; calls that need a key fail until then.',
  },
  { value: 'file', label: 'A plain file', note: 'Not protected from programs running as you. For machines without a keychain.' },
];
const shortest = 8;

/** @param from where it lies now */
export function MoveVault({ from, onClose }: { from: string; onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const [kind, setKind] = useState<VaultKind>(places.find(({ value }) => value === from)?.value ?? 'keyring');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const move = useMutation({
    mutationFn: () => callAdmin('moveVault', { body: kind === 'passphrase' ? { kind, passphrase } : { kind } }),
    onSuccess: () => {
      onClose();
      return queries.invalidateQueries();
    },
  });
  const isSealed = kind === 'passphrase';
  const isGood = isSealed ? passphrase.length >= shortest && again === passphrase : kind !== from;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isGood) move.mutate();
  };
  return (
    <Modal title="Where to keep keys" onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <p>What moves is the one key that seals all others. Calls go on meanwhile; the old place is emptied.</p>
          <Pick label="Place" value={kind} options={places} onChange={setKind} />
          {isSealed && (
            <>
              <TextField
                label="New passphrase"
                type="password"
                autoComplete="new-password"
                value={passphrase}
                hint={`${shortest} characters or more. Nobody can recover it for you.`}
                onChange={(event) => setPassphrase(event.target.value)}
              />
              <TextField
                label="Once more"
                type="password"
                autoComplete="new-password"
                value={again}
                error={again !== '' && !passphrase.startsWith(again) ? 'The two differ.' : null}
                onChange={(event) => setAgain(event.target.value)}
              />
            </>
          )}
          {move.error !== null && <Failure>{move.error.message}</Failure>}
          <ModalActions>
            <Button onPress={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={move.isPending} isDisabled={!isGood}>
              {isSealed && from === kind ? 'Change the passphrase' : 'Move'}
            </Button>
          </ModalActions>
        </Stack>
      </form>
    </Modal>
  );
}
