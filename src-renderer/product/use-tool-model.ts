import { useQuery } from '@tanstack/react-query';
import type { Provider } from '../../src-main/contract/entities.ts';
import { providersQuery } from '../api/queries.ts';

/** Answers without any provider. */
export const demoModel = 'demo/echo';

/** A model that would answer now, for snippets that must name one. */
export function useToolModel(): string {
  const { data } = useQuery(providersQuery);
  return chooseModel(data?.items ?? []);
}

export function chooseModel(providers: readonly Provider[]): string {
  const ready = providers.find(
    ({ enabled, models, key }) => enabled && models.length > 0 && key.state !== 'missing' && key.state !== 'locked',
  );
  const model = ready?.models[0];
  return ready === undefined || model === undefined ? demoModel : `${ready.id}/${model}`;
}
