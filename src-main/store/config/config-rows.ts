import type { Settings } from '../../contract/entities.ts';
import type { StoredCallerKey, StoredProvider } from '../config-store.ts';
import type { Sqlite } from '../database.ts';

/** What config.db holds, not yet checked: the file may have been written by another version, or by hand. */
export interface RawConfig {
  providers: Record<string, unknown>[];
  callerKeys: Record<string, unknown>[];
  settings: Record<string, unknown>;
  priceOverrides: unknown[];
}

interface ProviderRow {
  id: string;
  name: string;
  dialect: string;
  base_url: string;
  models: string;
  enabled: number;
  key_origin: string | null;
  key_last_four: string | null;
}

interface CallerKeyRow {
  id: string;
  hash: string;
  name: string;
  last_four: string;
  tags: string;
  scope: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** The rows of config.db, read and written one whole thing at a time. */
export interface ConfigRows {
  load(): RawConfig;
  saveProvider(provider: StoredProvider): void;
  removeProvider(id: string): void;
  saveCallerKey(key: StoredCallerKey): void;
  revokeCallerKey(id: string, revokedAt: number): void;
  saveLastUsed(lastUsedAt: Readonly<Record<string, number>>): void;
  saveSettings(settings: Partial<Settings>): void;
  savePriceOverrides(items: readonly unknown[]): void;
}

export function createConfigRows(db: Sqlite): ConfigRows {
  const lastUsed = db.prepare('UPDATE caller_keys SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?');
  const setting = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const priceOverride = db.prepare('INSERT INTO price_overrides (position, item) VALUES (?, ?)');

  return {
    load: () => load(db),
    saveProvider: (provider) => saveProvider(db, provider),
    removeProvider: (id) => void db.prepare('DELETE FROM providers WHERE id = ?').run(id),
    saveCallerKey: (key) => saveCallerKey(db, key),
    revokeCallerKey: (id, revokedAt) => {
      db.prepare('UPDATE caller_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?').run(revokedAt, id);
    },
    saveLastUsed: db.transaction((lastUsedAt) => {
      for (const [id, usedAt] of Object.entries(lastUsedAt)) lastUsed.run(usedAt, id);
    }),
    saveSettings: db.transaction((settings) => {
      for (const [name, value] of Object.entries(settings)) if (value !== undefined) setting.run(name, JSON.stringify(value));
    }),
    savePriceOverrides: db.transaction((items) => {
      db.exec('DELETE FROM price_overrides');
      for (const [position, item] of items.entries()) priceOverride.run(position, JSON.stringify(item));
    }),
  };
}

function load(db: Sqlite): RawConfig {
  const all = <Row>(sql: string) => db.prepare<[], Row>(sql).all();
  return {
    providers: all<ProviderRow>('SELECT * FROM providers ORDER BY id').map((row) => ({
      id: row.id,
      name: row.name,
      dialect: row.dialect,
      baseUrl: row.base_url,
      models: parseJson(row.models),
      enabled: row.enabled !== 0,
      keyOrigin: row.key_origin,
      keyLastFour: row.key_last_four,
    })),
    callerKeys: all<CallerKeyRow>('SELECT * FROM caller_keys ORDER BY created_at, id').map((row) => ({
      id: row.id,
      hash: row.hash,
      name: row.name,
      lastFour: row.last_four,
      tags: parseJson(row.tags),
      scope: parseJson(row.scope),
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
    })),
    settings: Object.fromEntries(
      all<{ name: string; value: string }>('SELECT * FROM settings').map(({ name, value }) => [name, parseJson(value)]),
    ),
    priceOverrides: all<{ item: string }>('SELECT * FROM price_overrides ORDER BY position').map(({ item }) => parseJson(item)),
  };
}

function saveProvider(db: Sqlite, provider: StoredProvider): void {
  db.prepare(
    `INSERT OR REPLACE INTO providers (id, name, dialect, base_url, models, enabled, key_origin, key_last_four)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    provider.id,
    provider.name,
    provider.dialect,
    provider.baseUrl,
    JSON.stringify(provider.models),
    Number(provider.enabled),
    provider.keyOrigin,
    provider.keyLastFour,
  );
}

function saveCallerKey(db: Sqlite, key: StoredCallerKey): void {
  db.prepare(
    `INSERT INTO caller_keys (id, hash, name, last_four, tags, scope, created_at, last_used_at, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, name = excluded.name, last_four = excluded.last_four, tags = excluded.tags,
       scope = excluded.scope, created_at = excluded.created_at, last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at`,
  ).run(
    key.id,
    key.hash,
    key.name,
    key.lastFour,
    JSON.stringify(key.tags),
    JSON.stringify(key.scope),
    key.createdAt,
    key.lastUsedAt,
    key.revokedAt,
  );
}

/** undefined, which no check accepts, for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
