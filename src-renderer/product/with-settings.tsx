import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Settings } from '../../src-main/contract/entities.ts';
import { settingsQuery } from '../api/queries.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { Failure } from '../ui/stack.tsx';

/** What is shown once the settings are read. @param lines of the placeholder until then */
export function WithSettings({ lines, children }: { lines: number; children: (settings: Settings) => ReactNode }): ReactNode {
  const { data, isPending, error } = useQuery(settingsQuery);
  if (isPending) return <Skeleton lines={lines} />;
  if (data === undefined) return <Failure>The settings could not be read: {error?.message}</Failure>;
  return children(data);
}
