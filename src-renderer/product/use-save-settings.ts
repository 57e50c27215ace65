import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Settings } from '../../src-main/contract/entities.ts';
import { callAdmin } from '../api/client.ts';
import { settingsQuery } from '../api/queries.ts';

export function useSaveSettings(): UseMutationResult<Settings, Error, Partial<Settings>> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<Settings>) => callAdmin('saveSettings', { body }),
    onSuccess: (settings) => queries.setQueryData(settingsQuery.queryKey, settings),
  });
}
