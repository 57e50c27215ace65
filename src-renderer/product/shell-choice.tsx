import type { ReactNode } from 'react';
import { Segmented } from '../ui/segmented.tsx';
import { type Shell, shells } from './shell.ts';

/** Which shell lines are written for. */
export function ShellChoice({ shell, onChange }: { shell: Shell; onChange: (shell: Shell) => void }): ReactNode {
  return <Segmented label="Shell" value={shell} options={shells} onChange={onChange} />;
}
