import type { SealedSecret, VaultMeta } from '../../secrets/sealed-secret-store.ts';
import type { Sqlite } from '../database.ts';

/** The rows behind SealedSecretStore. */
export interface SealedSecretRows {
  list(): SealedSecret[];
  put(secret: SealedSecret): void;
  remove(id: string): void;
  readMeta(): VaultMeta | null;
  writeMeta(meta: VaultMeta): void;
  resealAll(secrets: readonly SealedSecret[], meta: VaultMeta): void;
}

interface MetaRow {
  vault_id: string;
  backend: VaultMeta['backend'];
  key_check: Uint8Array;
  schema_version: number;
  pending_key: Uint8Array | null;
}

/** Every change also empties the write-ahead log, which would keep the ciphertext that was overwritten. */
export function createSealedSecrets(db: Sqlite): SealedSecretRows {
  db.pragma('secure_delete = ON');
  const put = db.prepare('INSERT OR REPLACE INTO sealed_secrets (id, kind, sealed) VALUES (?, ?, ?)');
  const writeMeta = (meta: VaultMeta) => {
    db.prepare(
      'INSERT OR REPLACE INTO vault_meta (id, vault_id, backend, key_check, schema_version, pending_key) VALUES (1, ?, ?, ?, ?, ?)',
    ).run(meta.vaultId, meta.backend, meta.keyCheck, meta.schemaVersion, meta.pendingKey);
  };
  const change = (write: () => void) => {
    db.transaction(write).immediate();
    db.pragma('wal_checkpoint(TRUNCATE)');
  };

  return {
    list: () => db.prepare<[], SealedSecret>('SELECT id, kind, sealed FROM sealed_secrets ORDER BY id').all(),
    put: ({ id, kind, sealed }) => change(() => void put.run(id, kind, sealed)),
    remove: (id) => change(() => void db.prepare('DELETE FROM sealed_secrets WHERE id = ?').run(id)),
    readMeta: () => readMeta(db),
    writeMeta: (meta) => change(() => writeMeta(meta)),
    resealAll: (secrets, meta) =>
      change(() => {
        for (const { id, kind, sealed } of secrets) put.run(id, kind, sealed);
        writeMeta(meta);
      }),
  };
}

function readMeta(db: Sqlite): VaultMeta | null {
  const row = db.prepare<[], MetaRow>('SELECT * FROM vault_meta').get();
  if (row === undefined) return null;
  return {
    vaultId: row.vault_id,
    backend: row.backend,
    keyCheck: row.key_check,
    schemaVersion: row.schema_version,
    pendingKey: row.pending_key,
  };
}
