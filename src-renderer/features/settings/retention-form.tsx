import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { settingsQuery } from '../../api/queries.ts';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Fields, Row, Stack, Success } from '../../ui/stack.tsx';
import { fillRetention, parseRetention, type Retention, type RetentionFields } from './retention.ts';

export function RetentionForm(): ReactNode {
  const { data, isPending, error } = useQuery(settingsQuery);
  if (isPending) return <Skeleton lines={2} />;
  if (data === undefined) return <Failure>The settings could not be read: {error?.message}</Failure>;
  return <Form settings={data} />;
}

function Form({ settings }: { settings: Retention }): ReactNode {
  const [edited, setEdited] = useState<RetentionFields | null>(null);
  const save = useSaveSettings();
  const fields = edited ?? fillRetention(settings);
  const { retention, problems } = parseRetention(fields);
  const bind = (name: keyof RetentionFields) => ({
    value: fields[name],
    inputMode: 'decimal' as const,
    error: problems[name] ?? null,
    onChange: (event: { target: { value: string } }) => setEdited({ ...fields, [name]: event.target.value }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (retention !== null) save.mutate(retention, { onSuccess: () => setEdited(null) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fields>
          <TextField label="Prompts and answers, days" hint="Older ones are deleted." {...bind('bodyDays')} />
          <TextField label="Prompts and answers, GB" hint="Beyond it, the oldest go first." {...bind('bodyGigabytes')} />
          <TextField label="Calls and their cost, days" hint="Older calls leave the ledger." {...bind('callDays')} />
        </Fields>
        <Row>
          <Button type="submit" kind="primary" isBusy={save.isPending} isDisabled={edited === null || retention === null}>
            Save
          </Button>
          {save.isSuccess && edited === null && <Success>Saved</Success>}
        </Row>
        {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
      </Stack>
    </form>
  );
}
