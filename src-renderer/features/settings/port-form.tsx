import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ShellState } from '../../../src-main/contract/shell-api.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fields, Row, Stack } from '../../ui/stack.tsx';

export interface PortFormProps {
  port: number;
  setPort: (port: number) => Promise<ShellState>;
  onSaved: (state: ShellState) => void;
}

export function PortForm({ port, setPort, onSaved }: PortFormProps): ReactNode {
  const [text, setText] = useState(String(port));
  const save = useMutation({ mutationFn: setPort, onSuccess: onSaved });
  const wanted = Number(text);
  const isGood = Number.isInteger(wanted) && wanted >= 1024 && wanted <= 65_535;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isGood) save.mutate(wanted);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fields>
          <TextField
            label="Port"
            inputMode="numeric"
            value={text}
            error={isGood ? (save.error?.message ?? null) : 'A number from 1024 to 65535.'}
            hint="Tools must be pointed at the new port afterwards. Open answers end first."
            onChange={(event) => {
              setText(event.target.value);
              save.reset();
            }}
          />
        </Fields>
        <Row>
          <Button type="submit" isBusy={save.isPending} isDisabled={!isGood || wanted === port}>
            Change the port
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
