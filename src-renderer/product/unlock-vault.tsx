import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { callAdmin } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Fields, Row, Stack } from '../ui/stack.tsx';

/** For keys that a passphrase seals: it is asked for after every start. */
export function UnlockVault(): ReactNode {
  const queries = useQueryClient();
  const [passphrase, setPassphrase] = useState('');
  const unlock = useMutation({
    mutationFn: () => callAdmin('unlockVault', { body: { passphrase } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (passphrase !== '') unlock.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fields>
          <TextField
            label="Passphrase"
            type="password"
            autoComplete="off"
            value={passphrase}
            error={unlock.error?.message ?? null}
            hint="Opens the keys until the gateway stops."
            onChange={(event) => {
              setPassphrase(event.target.value);
              unlock.reset();
            }}
          />
        </Fields>
        <Row>
          <Button type="submit" kind="primary" isBusy={unlock.isPending} isDisabled={passphrase === ''}>
            Unlock the keys
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
