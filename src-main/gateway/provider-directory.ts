import type { ProviderDirectory } from '../admin/admin-services.ts';
import type { ProviderInput } from '../contract/admin-api.ts';
import type { LocalServer, Provider, ProviderTest } from '../contract/entities.ts';
import type { Dialects } from '../dialects/registry.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { parseBaseUrl } from '../providers/base-url.ts';
import type { FetchedModels } from '../proxy/fetch-models.ts';
import type { Vault } from '../secrets/vault.ts';
import type { ConfigStore, StoredProvider } from '../store/config-store.ts';
import { type Configuration, type ConfiguredProvider, secretId } from './configuration.ts';

export interface ProviderDirectoryInput {
  configuration: Configuration;
  store: ConfigStore;
  vault: Vault;
  dialects: Dialects;
  /** Asks a provider for its models: the live test. */
  fetchModels(provider: ConfiguredProvider, key: string | null, timeoutMs?: number): Promise<FetchedModels>;
  redact(text: string): string;
  onChanged(): void;
}

const localTimeoutMs = 1_000;

/** Providers as the control plane sees and changes them. */
export function createProviderDirectory(input: ProviderDirectoryInput): ProviderDirectory {
  const { configuration, store, vault } = input;

  async function reload(): Promise<void> {
    configuration.replaceStored(await store.load());
    input.onChanged();
  }

  function find(id: string): ConfiguredProvider {
    const provider = configuration.allProviders().find((candidate) => candidate.id === id);
    if (provider === undefined) throw new GatewayError('not_found', `There is no provider "${id}".`);
    return provider;
  }

  return {
    list: () => configuration.allProviders().map((provider) => describeProvider(provider, vault)),
    async save(change) {
      const existing = configuration.allProviders().find(({ id }) => id === change.id) ?? null;
      if (existing?.source === 'config-file')
        throw new GatewayError('conflict', `"${change.id}" is set by the config file; change it there.`);
      if (change.id === 'demo') throw new GatewayError('conflict', 'The demo provider cannot be changed.');
      checkTexts(change);
      const next = mergeProvider(change, existing);
      checkKeyFormat(change, existing);
      const candidate = configuration.preview(next);
      const test =
        change.skipTest === true || change.enabled === false
          ? null
          : await testProvider(input, candidate, change.key ?? candidate.readKey());
      if (test !== null && !test.ok) {
        const cause = (test.message ?? 'no answer').replace(/\.$/, '');
        throw new GatewayError('provider_test_failed', `Not saved, because the live test failed: ${cause}.`, { param: 'key' });
      }
      if (change.key !== undefined) await saveSecret(vault, change.id, change.key);
      await store.saveProvider(next);
      await reload();
      return { provider: describeProvider(find(change.id), vault), test };
    },
    async test(id) {
      const provider = find(id);
      return testProvider(input, provider, provider.readKey());
    },
    findLocal: () => findLocalServers(input),
    async remove(id) {
      const provider = find(id);
      if (provider.source !== 'user')
        throw new GatewayError(
          'conflict',
          `"${id}" is ${provider.source === 'built-in' ? 'built in and has no settings to remove' : 'set by the config file'}.`,
        );
      await vault.remove(secretId(id));
      await store.removeProvider(id);
      await reload();
    },
  };
}

/** A new origin detaches the key: it was entered for another host (security: an edited address must not collect keys). */
function mergeProvider(change: ProviderInput, existing: ConfiguredProvider | null): StoredProvider {
  const baseUrl = change.baseUrl ?? existing?.stored?.baseUrl ?? existing?.definition.baseUrl;
  if (baseUrl === undefined)
    throw new GatewayError('invalid_request', `"${change.id}" is not a known provider; give its baseUrl.`, { param: 'baseUrl' });
  const { origin } = parseBaseUrl(baseUrl);
  const keeps = existing?.stored?.keyOrigin === origin;
  return {
    id: change.id,
    name: change.name ?? existing?.stored?.name ?? existing?.definition.name ?? change.id,
    dialect: change.dialect ?? existing?.stored?.dialect ?? existing?.definition.dialects[0] ?? 'openai-chat',
    baseUrl,
    models: change.models ?? existing?.stored?.models ?? [],
    enabled: change.enabled ?? existing?.enabled ?? true,
    keyOrigin: change.key !== undefined ? origin : keeps ? origin : null,
    keyLastFour: change.key !== undefined ? change.key.slice(-4) : keeps ? (existing?.stored?.keyLastFour ?? null) : null,
  };
}

/** Names end up in addresses, logs and terminals; in none of them may they be more than a name. */
function checkTexts({ name, models = [] }: ProviderInput): void {
  for (const [param, texts] of Object.entries({ name: name === undefined ? [] : [name], models })) {
    const bad = texts.find((text) => /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text));
    if (bad !== undefined)
      throw new GatewayError('invalid_request', `${JSON.stringify(bad)} holds a line break or a control character. Write it without.`, {
        param,
      });
  }
}

function checkKeyFormat(change: ProviderInput, existing: ConfiguredProvider | null): void {
  if (change.key === undefined) return;
  if (!/^[\x21-\x7e]+$/.test(change.key))
    throw new GatewayError('invalid_request', 'The key holds spaces or characters no key has. Copy it again.', { param: 'key' });
  const format = existing?.definition.keyFormat;
  // Another address under a vendor's name (a proxy, a test server) has its own keys.
  const ownAddress = change.baseUrl === undefined && existing?.vendorAddress === true;
  if (format && ownAddress && !format.pattern.test(change.key)) {
    throw new GatewayError('invalid_request', `This does not look like a key of ${existing?.definition.name}. ${format.hint}`, {
      param: 'key',
    });
  }
}

async function testProvider(input: ProviderDirectoryInput, provider: ConfiguredProvider, key: string | null): Promise<ProviderTest> {
  const failed = (errorCode: string, message: string, latencyMs: number | null): ProviderTest => ({
    ok: false,
    models: null,
    latencyMs,
    errorCode,
    message: input.redact(message),
  });
  if (provider.id === 'demo') return { ok: true, models: [], latencyMs: 0, errorCode: null, message: null };
  if (key === null && !provider.definition.local)
    return failed('provider_not_configured', `No key for ${provider.definition.name} is stored.`, null);
  try {
    const fetched = await input.fetchModels(provider, key);
    if (fetched.status < 300) return { ok: true, models: fetched.models, latencyMs: fetched.latencyMs, errorCode: null, message: null };
    const fault = input.dialects[provider.definition.dialects[0]].parseError(fetched.status, fetched.body);
    return failed(
      fault.kind === 'authentication' ? 'upstream_auth' : 'upstream_rejected',
      `${provider.definition.name} answered ${fetched.status}: ${fault.message}`,
      fetched.latencyMs,
    );
  } catch (error) {
    if (error instanceof GatewayError) return failed(error.code, error.message, null);
    throw error;
  }
}

/** A port nobody listens on refuses at once; what answers with something else than a list of models is no model server. */
async function findLocalServers({ configuration, fetchModels }: ProviderDirectoryInput): Promise<LocalServer[]> {
  const candidates = configuration.allProviders().filter(({ definition, id }) => definition.local && definition.vendor && id !== 'demo');
  const asked = await Promise.all(
    candidates.map(async (provider) => {
      const fetched = await fetchModels(provider, null, localTimeoutMs).catch(() => null);
      return fetched === null || fetched.status >= 300 || fetched.models.length === 0 ? null : { provider, models: fetched.models };
    }),
  );
  return asked
    .filter((found) => found !== null)
    .map(({ provider, models }) => ({
      id: provider.id,
      name: provider.definition.name,
      baseUrl: provider.origin + provider.basePath,
      models,
    }));
}

async function saveSecret(vault: Vault, id: string, key: string): Promise<void> {
  try {
    await vault.save(secretId(id), key);
  } catch (cause) {
    throw new GatewayError(
      'vault_unavailable',
      `The key could not be stored: ${cause instanceof Error ? cause.message : 'the vault is closed'}`,
      { cause },
    );
  }
}

function describeProvider(provider: ConfiguredProvider, vault: Vault): Provider {
  return {
    id: provider.id,
    name: provider.stored?.name ?? provider.definition.name,
    dialect: provider.definition.dialects[0],
    baseUrl: provider.origin + provider.basePath,
    source: provider.source,
    key: { state: readKeyState(provider, vault), lastFour: provider.stored?.keyLastFour ?? null },
    models: [...provider.models],
    enabled: provider.enabled,
  };
}

function readKeyState(provider: ConfiguredProvider, vault: Vault): Provider['key']['state'] {
  if (
    provider.stored?.keyOrigin !== undefined &&
    provider.stored.keyOrigin !== null &&
    vault.has(secretId(provider.id)) &&
    vault.state !== 'open'
  )
    return 'locked';
  try {
    if (provider.readKey() !== null) return 'set';
  } catch {
    return 'locked';
  }
  return provider.definition.local ? 'not-needed' : 'missing';
}
