import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { CallerKeySchema, defaultSettings, ProviderSchema, type Settings, SettingsSchema } from '../../contract/entities.ts';
import type { StoredCallerKey, StoredConfig, StoredProvider } from '../config-store.ts';
import type { RawConfig } from './config-rows.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

const StoredProviderSchema = Type.Intersect([
  Type.Pick(ProviderSchema, ['id', 'name', 'dialect', 'baseUrl', 'models', 'enabled']),
  Type.Object({ keyOrigin: nullableText, keyLastFour: nullableText }),
]);
const StoredCallerKeySchema = Type.Intersect([
  Type.Omit(CallerKeySchema, ['source']),
  Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
]);

/**
 * Takes out of config.db what this version understands. A row that is not valid is left out, never half used, and said
 * in `notices`; a setting that is unknown or out of range gets its default.
 */
export function checkConfig(raw: RawConfig): { config: StoredConfig; notices: string[] } {
  const notices: string[] = [];
  const keep = <T>(what: string, rows: readonly Record<string, unknown>[], isValid: (row: unknown) => row is T): T[] =>
    rows.filter((row): row is Record<string, unknown> & T => {
      const valid = isValid(row);
      if (!valid) notices.push(`The ${what} "${String(row['id'])}" in the settings file is not valid and was left out.`);
      return valid;
    });
  const config = {
    providers: keep('provider', raw.providers, isStoredProvider),
    callerKeys: keep('caller key', raw.callerKeys, isStoredCallerKey),
    settings: checkSettings(raw.settings, notices),
    priceOverrides: raw.priceOverrides.filter((item) => item !== undefined),
  };
  return { config, notices };
}

function isStoredProvider(row: unknown): row is StoredProvider {
  return Check(StoredProviderSchema, row);
}

function isStoredCallerKey(row: unknown): row is StoredCallerKey {
  return Check(StoredCallerKeySchema, row);
}

function checkSettings(stored: Record<string, unknown>, notices: string[]): Settings {
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const [name, schema] of Object.entries(SettingsSchema.properties)) {
    if (!Object.hasOwn(stored, name)) continue;
    if (Check(schema, stored[name])) settings[name] = stored[name];
    else notices.push(`The setting "${name}" in the settings file is not valid: its default is used.`);
  }
  return settings as Settings;
}
