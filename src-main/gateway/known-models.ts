import type { FetchedModels } from '../proxy/fetch-models.ts';
import type { ListedModel } from '../proxy/proxy-dependencies.ts';
import type { Configuration, ConfiguredProvider } from './configuration.ts';

const freshMs = 5 * 60_000;
/** A caller waits this long for a provider that is asked for the first time. */
const patienceMs = 2_500;

/**
 * Every model a caller could name: what the user listed, what providers with a key or on this machine say (asked at most
 * every five minutes, the old list stays while asking), and the demo's. A provider that does not answer lists nothing.
 */
export function createKnownModels(
  configuration: Configuration,
  fetchModels: (provider: ConfiguredProvider, key: string | null) => Promise<FetchedModels>,
  clock: () => number,
  demoNames: readonly string[],
): () => Promise<readonly ListedModel[]> {
  const lists = new Map<string, { at: number; models: string[]; asking: Promise<void> | null }>();

  function ask(provider: ConfiguredProvider): Promise<void> | null {
    const place = `${provider.id} ${provider.origin}${provider.basePath}`;
    const list = lists.get(place) ?? { at: 0, models: [], asking: null };
    lists.set(place, list);
    if (list.asking !== null) return list.at === 0 ? list.asking : null;
    if (clock() - list.at < freshMs) return null;
    const key = readKeyQuietly(provider);
    if (key === null && (!provider.definition.local || provider.id === 'demo')) return null;
    list.asking = fetchModels(provider, key)
      .then((fetched) => {
        if (fetched.status < 300) list.models = fetched.models;
      })
      .catch(() => {})
      .finally(() => {
        list.at = clock();
        list.asking = null;
      });
    return list.at === 0 ? list.asking : null;
  }

  return async () => {
    const providers = configuration.providers();
    const waits = providers.map(ask).filter((wait) => wait !== null);
    if (waits.length > 0) await Promise.race([Promise.all(waits), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    return providers.flatMap((provider) => {
      if (provider.id === 'demo') return demoNames.map((name) => ({ id: `demo/${name}`, provider: 'demo' }));
      const fetched = lists.get(`${provider.id} ${provider.origin}${provider.basePath}`)?.models ?? [];
      return [...new Set([...provider.models, ...fetched])].map((model) => ({ id: nameModel(provider, model), provider: provider.id }));
    });
  };
}

/** The plain name where it leads here by itself. */
function nameModel(provider: ConfiguredProvider, model: string): string {
  const lower = model.toLowerCase();
  const direct = provider.models.includes(model) || provider.modelPrefixes.some((prefix) => lower.startsWith(prefix));
  return direct ? model : `${provider.id}/${model}`;
}

function readKeyQuietly(provider: ConfiguredProvider): string | null {
  try {
    return provider.readKey();
  } catch {
    return null;
  }
}
