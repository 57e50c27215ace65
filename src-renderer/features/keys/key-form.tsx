import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { providersQuery } from '../../api/queries.ts';
import { useCreateKey } from '../../product/use-create-key.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Failure, Stack } from '../../ui/stack.tsx';
import { KeySecret } from './key-secret.tsx';
import styles from './keys.module.css';
import { buildKeyInput, type KeyFields, parseTagText } from './read-key-fields.ts';

/** Makes a key, then shows it this once. */
export function KeyForm({ onClose }: { onClose: () => void }): ReactNode {
  const [fields, setFields] = useState<KeyFields>({ name: '', tags: '', models: '', providers: [] });
  const create = useCreateKey();
  const parsed = parseTagText(fields.tags);
  const change = (part: Partial<KeyFields>): void => setFields({ ...fields, ...part });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if ('tags' in parsed) create.mutate(buildKeyInput(fields, parsed.tags));
  };
  if (create.data !== undefined) return <KeySecret created={create.data} onClose={onClose} />;
  return (
    <Modal title="Create a key" onClose={onClose}>
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <TextField
            label="Name"
            required
            maxLength={80}
            placeholder="claude-code"
            hint="One key a tool, so that spend can be told apart."
            value={fields.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <TextField
            label="Default tags"
            placeholder="team:ml, env:ci"
            hint="Optional; put on every call with this key."
            error={'problem' in parsed ? parsed.problem : null}
            value={fields.tags}
            onChange={(event) => change({ tags: event.target.value })}
          />
          <TextField
            label="Only these models"
            placeholder="claude-*, gpt-5*"
            hint="Optional; * stands for any text. Empty: every model."
            value={fields.models}
            onChange={(event) => change({ models: event.target.value })}
          />
          <ProviderScope chosen={fields.providers} onChange={(providers) => change({ providers })} />
          {create.error !== null && <Failure>No key was made: {create.error.message}</Failure>}
          <ModalActions>
            <Button onPress={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={create.isPending} isDisabled={'problem' in parsed}>
              Create
            </Button>
          </ModalActions>
        </Stack>
      </form>
    </Modal>
  );
}

function ProviderScope({ chosen, onChange }: { chosen: readonly string[]; onChange: (ids: string[]) => void }): ReactNode {
  const { data } = useQuery(providersQuery);
  return (
    <details>
      <summary>Only these providers{chosen.length > 0 && ` (${chosen.join(', ')})`}</summary>
      <div className={styles['scope']}>
        {data?.items.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) => onChange(event.target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))}
            />{' '}
            {name}
          </label>
        ))}
      </div>
    </details>
  );
}
