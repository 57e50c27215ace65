import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { settingsQuery } from '../../api/queries.ts';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure, Success } from '../../ui/stack.tsx';
import { Toggle } from '../../ui/toggle.tsx';

export function StrictToggle(): ReactNode {
  const { data, isPending, error } = useQuery(settingsQuery);
  const save = useSaveSettings();
  if (isPending) return <Skeleton lines={1} />;
  if (data === undefined) return <Failure>The settings could not be read: {error?.message}</Failure>;
  return (
    <>
      <Toggle
        label="Strict translation"
        note="When a tool speaks one vendor’s language and the model another’s, a request that would lose something is refused (422) instead of sent with the loss noted."
        isOn={save.isPending ? save.variables.strictTranslation === true : data.strictTranslation}
        onChange={(strictTranslation) => save.mutate({ strictTranslation })}
      />
      {save.isSuccess && <Success>Saved</Success>}
      {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
    </>
  );
}
