/** What routing needs to know of a provider. */
export interface RoutableProvider {
  readonly id: string;
  readonly modelPrefixes: readonly string[];
  /** Models the user listed for it. */
  readonly models: readonly string[];
}

export interface RoutedModel<P extends RoutableProvider> {
  provider: P;
  /** The name without the provider's prefix. */
  model: string;
}

/**
 * Picks the provider of a model name, case-insensitively: a model listed for an endpoint, else `provider/model`, else
 * the vendor's name prefix. null when nothing fits. A listed name wins so that "gpt-oss:20b" of a local server does not go to OpenAI.
 */
export function resolveModel<P extends RoutableProvider>(name: string, providers: readonly P[]): RoutedModel<P> | null {
  const lower = name.toLowerCase();
  for (const provider of providers) {
    const listed = provider.models.find((model) => model.toLowerCase() === lower);
    if (listed !== undefined) return { provider, model: listed };
  }
  const slash = lower.indexOf('/');
  if (slash > 0) {
    const provider = providers.find((candidate) => candidate.id === lower.slice(0, slash));
    if (provider !== undefined && name.length > slash + 1) return { provider, model: name.slice(slash + 1) };
  }
  for (const provider of providers) {
    if (provider.modelPrefixes.some((prefix) => lower.startsWith(prefix))) return { provider, model: name };
  }
  return null;
}
