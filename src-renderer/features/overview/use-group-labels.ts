import { useQuery } from '@tanstack/react-query';
import { callerKeysQuery } from '../../api/queries.ts';

/** What a group is called: callers by the name of their key, all others as they are. */
export function useGroupLabels(): (by: string, name: string) => string {
  const { data } = useQuery(callerKeysQuery);
  return (by, name) => (by === 'caller' ? (data?.items.find(({ id }) => id === name)?.name ?? name) : name);
}
