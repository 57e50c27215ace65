import { type FormEvent, type ReactNode, useState } from 'react';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { WithSettings } from '../../product/with-settings.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fields, Stack } from '../../ui/stack.tsx';
import { fillRetention, parseRetention, type Retention, type RetentionFields } from './retention.ts';
import { SaveRow } from './save-row.tsx';

export function RetentionForm(): ReactNode {
  return <WithSettings lines={2}>{(settings) => <Form settings={settings} />}</WithSettings>;
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
        <SaveRow save={save} isEdited={edited !== null} isGood={retention !== null} />
      </Stack>
    </form>
  );
}
