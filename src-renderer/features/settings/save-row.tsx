import type { ReactNode } from 'react';
import type { useSaveSettings } from '../../product/use-save-settings.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Row, Success } from '../../ui/stack.tsx';

interface SaveRowProps {
  save: ReturnType<typeof useSaveSettings>;
  /** The form differs from what is saved. */
  isEdited: boolean;
  isGood: boolean;
}

/** The end of a form of settings. */
export function SaveRow({ save, isEdited, isGood }: SaveRowProps): ReactNode {
  return (
    <>
      <Row>
        <Button type="submit" kind="primary" isBusy={save.isPending} isDisabled={!isEdited || !isGood}>
          Save
        </Button>
        {save.isSuccess && !isEdited && <Success>Saved</Success>}
      </Row>
      {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
    </>
  );
}
