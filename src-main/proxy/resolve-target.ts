import type { DialectId } from '../dialects/dialect.ts';
import type { Endpoint } from '../domain/call.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { resolveModel } from '../domain/routing.ts';
import type { DataRoute } from './data-routes.ts';
import type { Caller, ConnectedProvider, ProxyConfiguration } from './proxy-configuration.ts';

/** Provider and model chosen for a call. */
export interface Target {
  readonly provider: ConnectedProvider;
  /** As the provider knows it. */
  readonly model: string;
  readonly upstreamDialect: DialectId;
  /** The provider's key; null for a local server without one. */
  readonly key: string | null;
  readonly byok: boolean;
}

/** Paths that may come without a model; they belong to OpenAI. */
const modelOptional: ReadonlySet<Endpoint> = new Set(['images', 'audio', 'moderations', 'responses', 'other']);

/** Endpoints that another dialect can answer by translation. */
const translatable: ReadonlySet<Endpoint> = new Set(['chat', 'embeddings']);

/**
 * @param byokKey the caller's own provider key for this call (X-Provider-Api-Key)
 * @throws GatewayError invalid_request | model_not_found | not_allowed | unsupported_feature | provider_not_configured
 */
export function resolveTarget(
  configuration: ProxyConfiguration,
  caller: Caller,
  route: DataRoute,
  requestedModel: string | null,
  byokKey: string | null,
): Target {
  const providers = configuration.providers();
  const routed =
    requestedModel === null || requestedModel === '' ? resolveDefault(route, providers) : resolveModel(requestedModel, providers);
  if (routed === null) throw modelNotFound(requestedModel, providers);
  const { provider, model } = routed;
  if (!caller.allows(provider.id, model)) {
    throw new GatewayError(
      'not_allowed',
      `This caller key is not allowed to use ${provider.id}/${model}. Use another key, or widen its scope.`,
      { param: 'model' },
    );
  }
  const upstreamDialect = resolveDialect(route, provider);
  const key = byokKey ?? provider.readKey();
  if (key === null && !provider.definition.local) {
    throw new GatewayError(
      'provider_not_configured',
      `No key for ${provider.definition.name} is stored. Add it with "tollgate provider add ${provider.id}", or send one in X-Provider-Api-Key.`,
    );
  }
  return { provider, model, upstreamDialect, key, byok: byokKey !== null };
}

function resolveDefault(route: DataRoute, providers: readonly ConnectedProvider[]): { provider: ConnectedProvider; model: string } | null {
  if (!modelOptional.has(route.endpoint)) {
    throw new GatewayError(
      'invalid_request',
      '"model" is missing. Name one, for example "gpt-5.4-mini", "claude-sonnet-5" or "demo/echo".',
      { param: 'model' },
    );
  }
  const provider = providers.find((candidate) => candidate.id === 'openai');
  return provider === undefined ? null : { provider, model: '' };
}

function resolveDialect(route: DataRoute, provider: ConnectedProvider): DialectId {
  const { dialects, name } = provider.definition;
  if (dialects.includes(route.dialect)) return route.dialect;
  const native = dialects[0];
  if (route.dialect === 'openai-chat' && translatable.has(route.endpoint)) {
    if (route.endpoint === 'embeddings' && native !== 'gemini-generate') {
      throw new GatewayError('unsupported_feature', `${name} has no embeddings. Use a model of another provider.`, {
        status: 400,
        param: 'model',
      });
    }
    return native;
  }
  throw new GatewayError(
    'unsupported_feature',
    `${name} does not speak this API (it speaks ${dialects.join(', ')}). Send the request to /v1/chat/completions, which is translated.`,
    { status: 400, param: 'model' },
  );
}

function modelNotFound(requestedModel: string | null, providers: readonly ConnectedProvider[]): GatewayError {
  const known = providers.flatMap((provider) => [
    ...provider.modelPrefixes
      .filter((prefix) => !prefix.includes('/'))
      .slice(0, 4)
      .map((prefix) => `${prefix}*`),
    ...provider.models.slice(0, 5).map((model) => `${provider.id}/${model}`),
  ]);
  const ids = providers.map((provider) => provider.id).join(', ');
  return new GatewayError(
    'model_not_found',
    `No provider here serves the model ${JSON.stringify((requestedModel ?? '').slice(0, 120))}. Known: ${known.join(', ')}; or name the provider: "provider/model" with provider one of ${ids}.`,
    { param: 'model' },
  );
}
