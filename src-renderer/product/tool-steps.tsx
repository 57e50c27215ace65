import type { ReactNode } from 'react';
import { Snippet } from '../ui/snippet.tsx';
import { Hint, Stack } from '../ui/stack.tsx';
import type { ToolStep, ToolValues } from './tool-settings.ts';
import { maskKey } from './use-create-key.ts';

/** What to set where; a real key is masked to look at and whole to copy. */
export function ToolSteps({
  name,
  steps,
  values,
  isSecret,
}: {
  name: string;
  steps: readonly ToolStep[];
  values: ToolValues;
  isSecret: boolean;
}): ReactNode {
  const shownValues = isSecret ? { ...values, key: maskKey(values.key) } : values;
  return (
    <Stack>
      {steps.map(({ where, render, say }) => (
        <div key={where}>
          <Hint>
            {where}
            {say !== undefined && `: ${say}`}
          </Hint>
          {render !== null && <Snippet label={`${name}, ${where}`} text={render(values)} shown={render(shownValues)} />}
        </div>
      ))}
    </Stack>
  );
}
