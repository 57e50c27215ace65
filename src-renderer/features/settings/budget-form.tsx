import { type FormEvent, type ReactNode, useState } from 'react';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { WithSettings } from '../../product/with-settings.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fields, Stack } from '../../ui/stack.tsx';
import { fillBudget, parseBudget } from './budget.ts';
import { SaveRow } from './save-row.tsx';

export function BudgetForm(): ReactNode {
  return <WithSettings lines={2}>{(settings) => <Form budgetNanoUsd={settings.dailyBudgetNanoUsd} />}</WithSettings>;
}

function Form({ budgetNanoUsd }: { budgetNanoUsd: number | null }): ReactNode {
  const [edited, setEdited] = useState<string | null>(null);
  const save = useSaveSettings();
  const text = edited ?? fillBudget(budgetNanoUsd);
  const { nanoUsd, problem } = parseBudget(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === null) save.mutate({ dailyBudgetNanoUsd: nanoUsd }, { onSuccess: () => setEdited(null) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fields>
          <TextField
            label="Dollars a day"
            inputMode="decimal"
            placeholder="none"
            hint="How much of it is spent stands in the side bar and the tray. No call is refused for it."
            value={text}
            error={problem}
            onChange={(event) => setEdited(event.target.value)}
          />
        </Fields>
        <SaveRow save={save} isEdited={edited !== null} isGood={problem === null} />
      </Stack>
    </form>
  );
}
