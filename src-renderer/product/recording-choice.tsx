import type { ReactNode } from 'react';
import type { Settings } from '../../src-main/contract/entities.ts';
import { Pick, type PickOption } from '../ui/pick.tsx';
import { Failure, Stack, Success } from '../ui/stack.tsx';
import { useSaveSettings } from './use-save-settings.ts';
import { WithSettings } from './with-settings.tsx';

type Recording = Settings['recording'];

const options: readonly PickOption<Recording>[] = [
  { value: 'full', label: 'Full', note: 'Prompts and answers are kept on this machine, to read and search them later.' },
  { value: 'metadata', label: 'Numbers only', note: 'Model, tokens, cost, times and tags are kept; no prompt and no answer.' },
  { value: 'off', label: 'Off', note: 'Only what spend needs is kept: no prompt, no answer, no tags of content.' },
];

/** What of each call is kept; saved as soon as it is chosen. */
export function RecordingChoice(): ReactNode {
  const save = useSaveSettings();
  const wanted = save.isPending ? save.variables.recording : undefined;
  return (
    <WithSettings lines={3}>
      {({ recording: saved }) => (
        <Stack>
          <Pick label="What is recorded" value={wanted ?? saved} options={options} onChange={(recording) => save.mutate({ recording })} />
          {save.isSuccess && <Success>Saved: from the next call on.</Success>}
          {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
        </Stack>
      )}
    </WithSettings>
  );
}
