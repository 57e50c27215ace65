import type { ReactNode } from 'react';
import { useSaveSettings } from '../../product/use-save-settings.ts';
import { WithSettings } from '../../product/with-settings.tsx';
import { Failure, Success } from '../../ui/stack.tsx';
import { Toggle } from '../../ui/toggle.tsx';

export function StrictToggle(): ReactNode {
  const save = useSaveSettings();
  return (
    <WithSettings lines={1}>
      {({ strictTranslation: isStrict }) => (
        <>
          <Toggle
            label="Strict translation"
            note="When a tool speaks one vendor’s language and the model another’s, a request that would lose something is refused (422) instead of sent with the loss noted."
            isOn={save.isPending ? save.variables.strictTranslation === true : isStrict}
            onChange={(strictTranslation) => save.mutate({ strictTranslation })}
          />
          {save.isSuccess && <Success>Saved</Success>}
          {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
        </>
      )}
    </WithSettings>
  );
}
