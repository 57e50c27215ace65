import { readFileSync } from 'node:fs';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ConfigFile, ConfigFileSchema } from '../contract/config-file.ts';
import type { DialectIdSchema, Settings } from '../contract/entities.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { parseBaseUrl } from '../providers/base-url.ts';
import { builtInProviders } from '../providers/built-in.ts';
import { compatibleProviders } from '../providers/catalog.ts';
import { hashCallerKey } from '../secrets/caller-key.ts';
import type { StoredCallerKey } from '../store/config-store.ts';

/** What `--config FILE` says, with the keys filled in; none of it is ever written to disk. */
export interface LoadedConfigFile {
  providers: {
    id: string;
    name: string;
    dialect: Static<typeof DialectIdSchema>;
    baseUrl: string;
    models: string[];
    key: string | null;
    streamUsage: boolean;
  }[];
  callerKeys: StoredCallerKey[];
  settings: Partial<Settings>;
}

export const noConfigFile: LoadedConfigFile = { providers: [], callerKeys: [], settings: {} };

type ReadSecret = (name: string) => string | null;

const minKeyLength = 20;

/**
 * Reads and checks a config file (JSON; schema in resources/config.schema.json).
 * @param readSecret the text under a name that the file gives, null when there is none
 * @throws GatewayError config_invalid naming file, place and remedy; a missing provider key is no error (the provider says so when used)
 */
export function loadConfigFile(path: string, readSecret: ReadSecret, now: number): LoadedConfigFile {
  const config = parseConfigFile(path, readText(path));
  return {
    providers: (config.providers ?? []).map((entry) => resolveProvider(path, entry, readSecret)),
    callerKeys: (config.callerKeys ?? []).map((entry) => resolveCallerKey(path, entry, readSecret, now)),
    settings: config.settings ?? {},
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('config_invalid', `The config file ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function parseConfigFile(path: string, text: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('config_invalid', `${path} is not valid JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const schema = Compile(ConfigFileSchema);
  if (schema.Check(value)) return value;
  const [first] = schema.Errors(value);
  throw new GatewayError(
    'config_invalid',
    `${path}: ${first?.instancePath || 'the file'} ${first?.message ?? 'does not fit the schema'}. See resources/config.schema.json.`,
  );
}

function resolveProvider(
  path: string,
  entry: NonNullable<ConfigFile['providers']>[number],
  readSecret: ReadSecret,
): LoadedConfigFile['providers'][number] {
  const definition = [...builtInProviders, ...compatibleProviders].find(({ id }) => id === entry.id);
  const baseUrl = entry.baseUrl ?? definition?.baseUrl;
  if (baseUrl === undefined)
    throw new GatewayError(
      'config_invalid',
      `${path}: provider "${entry.id}" needs a baseUrl; only ${builtInProviders.map(({ id }) => id).join(', ')} have one built in.`,
    );
  parseBaseUrl(baseUrl);
  return {
    id: entry.id,
    name: entry.name ?? definition?.name ?? entry.id,
    dialect: entry.dialect ?? definition?.dialects[0] ?? 'openai-chat',
    baseUrl,
    models: entry.models ?? [],
    key: entry.keyFromEnv === undefined ? null : readSecret(entry.keyFromEnv),
    streamUsage: entry.streamUsage ?? true,
  };
}

function resolveCallerKey(
  path: string,
  entry: NonNullable<ConfigFile['callerKeys']>[number],
  readSecret: ReadSecret,
  now: number,
): StoredCallerKey {
  const key = readSecret(entry.keyFromEnv);
  if (key === null) {
    throw new GatewayError(
      'config_invalid',
      `${path}: caller key "${entry.name}": the environment variable ${entry.keyFromEnv} is not set.`,
    );
  }
  if (key.length < minKeyLength) {
    throw new GatewayError(
      'config_invalid',
      `${path}: caller key "${entry.name}": ${entry.keyFromEnv} is shorter than ${minKeyLength} characters.`,
    );
  }
  return {
    id: `key_config_${entry.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    name: entry.name,
    lastFour: key.slice(-4),
    hash: hashCallerKey(key),
    tags: entry.tags ?? {},
    scope: { models: entry.scope?.models ?? [], providers: entry.scope?.providers ?? [] },
    createdAt: now,
    lastUsedAt: null,
    revokedAt: null,
  };
}
