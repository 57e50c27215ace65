import type { Dispatcher } from 'undici';
import { GatewayError } from '../domain/gateway-error.ts';
import { renderAuthHeader } from '../providers/provider.ts';
import { renderModelsPath } from '../providers/upstream-path.ts';
import { type AbortHandle, callUpstream } from './call-upstream.ts';
import { hideKey } from './hide-key.ts';
import type { ConnectedProvider } from './proxy-configuration.ts';
import { collectReply, parseErrorBody } from './relay-whole.ts';

/** What a provider answered to a request for its models: the live test of an address and a key. */
export interface FetchedModels {
  status: number;
  models: string[];
  /** The provider's words when the status is an error. */
  body: unknown;
  latencyMs: number;
}

/** @throws GatewayError upstream_unreachable | upstream_timeout */
export async function fetchModels(
  openDispatcher: (origin: string) => Dispatcher,
  provider: Pick<ConnectedProvider, 'definition' | 'origin' | 'basePath'>,
  key: string | null,
  timeoutMs: number,
): Promise<FetchedModels> {
  const dialect = provider.definition.dialects[0];
  const headers = ['accept', 'application/json', 'accept-encoding', 'identity'];
  if (key !== null) headers.push(...(renderAuthHeader(provider.definition.auth, key) ?? []));
  if (dialect === 'anthropic-messages') headers.push('anthropic-version', '2023-06-01');
  const handle: AbortHandle = { abort: null };
  const startedAt = performance.now();
  const timer = setTimeout(() => {
    handle.abort?.(new GatewayError('upstream_timeout', `${provider.origin} did not answer within ${timeoutMs / 1000} s.`));
  }, timeoutMs);
  try {
    const request = { method: 'GET', path: provider.basePath + renderModelsPath(dialect), headers, body: null };
    const reply = hideKey(await callUpstream(openDispatcher(provider.origin), provider.origin, request, handle), key);
    const body = parseErrorBody(await collectReply(reply, 10_000_000));
    return { status: reply.status, models: readModelNames(body), body, latencyMs: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(timer);
  }
}

/** OpenAI's and Anthropic's `data[].id`, Gemini's `models[].name`. */
function readModelNames(body: unknown): string[] {
  const { data, models } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const list = Array.isArray(data) ? data : Array.isArray(models) ? models : [];
  const names: string[] = [];
  for (const entry of list) {
    const { id, name } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    if (typeof id === 'string') names.push(id);
    else if (typeof name === 'string') names.push(name.replace(/^models\//, ''));
  }
  return names;
}
