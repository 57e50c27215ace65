import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { settingsQuery } from '../../api/queries.ts';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Fields, Row, Stack, Success } from '../../ui/stack.tsx';
import { fillBudget, parseBudget } from './budget.ts';

export function BudgetForm(): ReactNode {
  const { data, isPending, error } = useQuery(settingsQuery);
  if (isPending) return <Skeleton lines={2} />;
  if (data === undefined) return <Failure>The settings could not be read: {error?.message}</Failure>;
  return <Form budgetNanoUsd={data.dailyBudgetNanoUsd} />;
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
        <Row>
          <Button type="submit" kind="primary" isBusy={save.isPending} isDisabled={edited === null || problem !== null}>
            Save
          </Button>
          {save.isSuccess && edited === null && <Success>Saved</Success>}
        </Row>
        {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
      </Stack>
    </form>
  );
}
