import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Settings } from '../../src-main/contract/entities.ts';
import { settingsQuery } from '../api/queries.ts';
import { Pick, type PickOption } from '../ui/pick.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Failure, Stack, Success } from '../ui/stack.tsx';
import { useSaveSettings } from './use-save-settings.ts';

type Recording = Settings['recording'];

const options: readonly PickOption<Recording>[] = [
  { value: 'full', label: 'Full', note: 'Prompts and answers are kept on this machine, to read and search them later.' },
  { value: 'metadata', label: 'Numbers only', note: 'Model, tokens, cost, times and tags are kept; no prompt and no answer.' },
  { value: 'off', label: 'Off', note: 'Only what spend needs is kept: no prompt, no answer, no tags of content.' },
];

/** What of each call is kept; saved as soon as it is chosen. */
export function RecordingChoice(): ReactNode {
  const { data, isPending, error } = useQuery(settingsQuery);
  const save = useSaveSettings();
  if (isPending) return <Skeleton lines={3} />;
  if (data === undefined) return <Failure>The settings could not be read: {error?.message}</Failure>;
  const value = (save.isPending ? save.variables.recording : undefined) ?? data.recording;
  return (
    <Stack>
      <Pick label="What is recorded" value={value} options={options} onChange={(recording) => save.mutate({ recording })} />
      {save.isSuccess && <Success>Saved: from the next call on.</Success>}
      {save.error !== null && <Failure>Not saved: {save.error.message}</Failure>}
    </Stack>
  );
}
