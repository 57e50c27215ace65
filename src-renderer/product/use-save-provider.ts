import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ProviderInput } from '../../src-main/contract/admin-api.ts';
import type { Provider, ProviderTest } from '../../src-main/contract/entities.ts';
import { callAdmin } from '../api/client.ts';

export interface SavedProvider {
  provider: Provider;
  /** null when it was not tested. */
  test: ProviderTest | null;
}

/** Saves a provider, tested live first unless told otherwise; lists show it at once. */
export function useSaveProvider(): UseMutationResult<SavedProvider, Error, ProviderInput> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProviderInput) => callAdmin('saveProvider', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['listProviders'] }),
  });
}

/** "Tested in 240 ms, 87 models." */
export function renderTested(name: string, test: ProviderTest | null): string {
  if (test === null) return `${name} saved without a test.`;
  const models = test.models === null ? '' : `, ${test.models.length} ${test.models.length === 1 ? 'model' : 'models'} found`;
  return `${name} answers${test.latencyMs === null ? '' : ` in ${test.latencyMs} ms`}${models}.`;
}
