/**
 * config.db: what the user set up and would miss. Lists and objects are JSON text; times are epoch ms. Settings are
 * rows, so that a file written by a newer or older version is read as far as it is known.
 */
export const configMigration0001 = `
-- built-in providers are here only where they were changed
CREATE TABLE providers (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, dialect TEXT NOT NULL, base_url TEXT NOT NULL, models TEXT NOT NULL, enabled INTEGER NOT NULL,
  key_origin TEXT, key_last_four TEXT
) STRICT, WITHOUT ROWID;
-- hash: SHA-256 of the key, hex
CREATE TABLE caller_keys (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, last_four TEXT NOT NULL, tags TEXT NOT NULL, scope TEXT NOT NULL,
  created_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE price_overrides (position INTEGER PRIMARY KEY, item TEXT NOT NULL) STRICT;

-- provider keys and the like, sealed by the vault; the master key is never here
CREATE TABLE sealed_secrets (id TEXT PRIMARY KEY, kind TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE vault_meta (
  id INTEGER PRIMARY KEY CHECK (id = 1), vault_id TEXT NOT NULL, backend TEXT NOT NULL, key_check BLOB NOT NULL,
  schema_version INTEGER NOT NULL, pending_key BLOB
) STRICT;
`;
