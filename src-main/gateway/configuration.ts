import type { Settings } from '../contract/entities.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { parseBaseUrl } from '../providers/base-url.ts';
import { builtInProviders } from '../providers/built-in.ts';
import { compatibleProviders, createCustomProvider, demoDefinition } from '../providers/catalog.ts';
import type { ProviderDefinition } from '../providers/provider.ts';
import { OpenList } from '../proxy/open-list.ts';
import type { Caller, ConnectedProvider, ProxyConfiguration } from '../proxy/proxy-configuration.ts';
import { hashCallerKey } from '../secrets/caller-key.ts';
import type { Vault } from '../secrets/vault.ts';
import type { StoredCallerKey, StoredConfig, StoredProvider } from '../store/config-store.ts';
import type { LoadedConfigFile } from './config-file.ts';

/** A provider with where its settings came from, for the control plane. */
export interface ConfiguredProvider extends ConnectedProvider {
  readonly source: 'built-in' | 'config-file' | 'user';
  readonly stored: StoredProvider | null;
  readonly enabled: boolean;
}

/** The configuration in force: what is stored, what the config file says, and the keys; all reads are from memory. */
export interface Configuration extends ProxyConfiguration {
  providers(): readonly ConfiguredProvider[];
  /** Also those switched off. */
  allProviders(): readonly ConfiguredProvider[];
  callerKeys(): readonly (StoredCallerKey & { source: 'user' | 'config-file' })[];
  /** A provider as it would be with these settings; nothing is changed. */
  preview(settings: StoredProvider): ConfiguredProvider;
  /** Takes over a change of what is stored; the next call sees it. */
  replaceStored(stored: StoredConfig): void;
  stored(): StoredConfig;
  /** Cuts the open calls of a key and forgets that it was valid. */
  dropCaller(keyId: string): void;
  /** Last use of each caller key since start, epoch ms. */
  readonly lastUsedAt: Map<string, number>;
}

export interface ConfigurationInput {
  stored: StoredConfig;
  file: LoadedConfigFile;
  vault: Pick<Vault, 'read' | 'has'>;
  clock(): number;
}

/** Tokens seen valid are kept as they are (comparing a hash costs a hundred times more); they live in memory only. */
const maxCachedCallers = 1_000;

export function createConfiguration(input: ConfigurationInput): Configuration {
  let stored = input.stored;
  let all = connectProviders(stored, input.file, input.vault);
  const cached = new Map<string, Caller>();
  const callers = new Map<string, Caller>();
  const lastUsedAt = new Map<string, number>();

  function callerOf(key: StoredCallerKey): Caller {
    let caller = callers.get(key.id);
    if (caller === undefined) {
      caller = {
        keyId: key.id,
        tags: key.tags,
        allows: (provider, model) => isInScope(key.scope, provider, model),
        openCalls: new OpenList(),
      };
      callers.set(key.id, caller);
    }
    return caller;
  }

  function findCaller(token: string): Caller | null {
    const known = cached.get(token);
    if (known !== undefined) {
      lastUsedAt.set(known.keyId, input.clock());
      return known;
    }
    if (token.length < 20 || token.length > 500) return null;
    const hash = hashCallerKey(token);
    const key = [...input.file.callerKeys, ...stored.callerKeys].find(
      (candidate) => candidate.hash === hash && candidate.revokedAt === null,
    );
    if (key === undefined) return null;
    const caller = callerOf(key);
    if (cached.size >= maxCachedCallers) cached.clear();
    cached.set(token, caller);
    lastUsedAt.set(key.id, input.clock());
    return caller;
  }

  let enabled = all.filter((provider) => provider.enabled);
  let settings: Settings = { ...stored.settings, ...input.file.settings };
  return {
    providers: () => enabled,
    allProviders: () => all,
    findCaller,
    settings: () => settings,
    callerKeys: () => [
      ...input.file.callerKeys.map((key) => ({ ...key, source: 'config-file' as const })),
      ...stored.callerKeys.map((key) => ({ ...key, source: 'user' as const })),
    ],
    stored: () => stored,
    preview(settings) {
      const providers = [...stored.providers.filter(({ id }) => id !== settings.id), settings];
      const found = connectProviders({ ...stored, providers }, input.file, input.vault).find(({ id }) => id === settings.id);
      if (found === undefined) throw new GatewayError('internal', 'The provider vanished while it was previewed.');
      return found;
    },
    replaceStored(next) {
      stored = next;
      all = connectProviders(stored, input.file, input.vault);
      enabled = all.filter((provider) => provider.enabled);
      settings = { ...stored.settings, ...input.file.settings };
    },
    dropCaller(keyId) {
      cached.clear();
      const caller = callers.get(keyId);
      callers.delete(keyId);
      for (const cut of caller?.openCalls ?? []) cut();
    },
    lastUsedAt,
  };
}

/** Custom endpoints come first: their listed models may look like a vendor's. */
function connectProviders(stored: StoredConfig, file: LoadedConfigFile, vault: ConfigurationInput['vault']): ConfiguredProvider[] {
  const known = [...builtInProviders, ...compatibleProviders];
  const ids = new Set(known.map(({ id }) => id));
  const custom: ConfiguredProvider[] = [];
  for (const entry of file.providers) {
    if (!ids.has(entry.id)) custom.push(connect(describeCustom(entry), entry, null, 'config-file', vault));
  }
  for (const entry of stored.providers) {
    if (ids.has(entry.id) || file.providers.some(({ id }) => id === entry.id)) continue;
    custom.push(connect(describeCustom({ ...entry, streamUsage: true }), null, entry, 'user', vault));
  }
  const vendors = known.map((definition) => {
    const fromFile = file.providers.find(({ id }) => id === definition.id) ?? null;
    const fromUser = stored.providers.find(({ id }) => id === definition.id) ?? null;
    return connect(definition, fromFile, fromUser, fromFile !== null ? 'config-file' : fromUser !== null ? 'user' : 'built-in', vault);
  });
  return [...custom, ...vendors, connect(demoDefinition, null, null, 'built-in', vault)];
}

function describeCustom(entry: {
  id: string;
  name: string;
  dialect: StoredProvider['dialect'];
  baseUrl: string;
  streamUsage: boolean;
}): ProviderDefinition {
  return createCustomProvider(entry.id, entry.name, entry.dialect, entry.baseUrl, entry.streamUsage);
}

function connect(
  definition: ProviderDefinition,
  fromFile: LoadedConfigFile['providers'][number] | null,
  fromUser: StoredProvider | null,
  source: ConfiguredProvider['source'],
  vault: ConfigurationInput['vault'],
): ConfiguredProvider {
  const base = parseBaseUrl(fromFile?.baseUrl ?? fromUser?.baseUrl ?? definition.baseUrl);
  const vendor = definition.vendor && base.origin === parseBaseUrl(definition.baseUrl).origin;
  return {
    id: definition.id,
    definition: base.loopback ? { ...definition, local: definition.local || !definition.vendor } : definition,
    modelPrefixes: definition.modelPrefixes,
    models: fromFile?.models ?? fromUser?.models ?? [],
    origin: base.origin,
    basePath: base.path,
    vendorAddress: vendor,
    streamUsage: fromFile?.streamUsage === false ? 'unsupported' : definition.streamUsage,
    readKey: () => fromFile?.key ?? readStoredKey(definition.id, base.origin, fromUser, vault),
    source,
    stored: fromUser,
    enabled: fromUser?.enabled ?? true,
  };
}

/** A key goes only to the origin it was entered for (threat: an edited base URL that collects keys). */
function readStoredKey(id: string, origin: string, stored: StoredProvider | null, vault: ConfigurationInput['vault']): string | null {
  if (stored === null || stored.keyOrigin === null) return null;
  if (stored.keyOrigin !== origin) return null;
  try {
    return vault.read(secretId(id));
  } catch (cause) {
    throw new GatewayError(
      'vault_unavailable',
      `The key of ${id} cannot be read now: ${cause instanceof Error ? cause.message : 'the vault is closed'}`,
      { cause },
    );
  }
}

export function secretId(providerId: string): string {
  return `provider:${providerId}`;
}

/** Empty lists allow everything; `*` in a model pattern stands for any text. */
function isInScope(scope: { models: string[]; providers: string[] }, provider: string, model: string): boolean {
  if (scope.providers.length > 0 && !scope.providers.includes(provider)) return false;
  return (
    scope.models.length === 0 ||
    scope.models.some((pattern) => matchesPattern(pattern.toLowerCase(), `${provider}/${model}`.toLowerCase(), model.toLowerCase()))
  );
}

function matchesPattern(pattern: string, qualified: string, model: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return whole.test(model) || whole.test(qualified);
}
