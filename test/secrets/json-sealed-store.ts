import { readFile } from 'node:fs/promises';
import type { SealedSecret, SealedSecretStore, VaultMeta } from '../../src-main/secrets/sealed-secret-store.ts';
import { writePrivateFile } from '../../src-main/secrets/write-private-file.ts';

interface Content {
  secrets: Map<string, SealedSecret>;
  meta: VaultMeta | null;
}

/** A sealed-secret store in one JSON file, so that a test can kill, reopen and tamper. Each change is one atomic write. */
export function createJsonSealedStore(path: string): SealedSecretStore {
  const change = async (edit: (content: Content) => void): Promise<void> => {
    const content = await readContent(path);
    edit(content);
    await writeContent(path, content);
  };
  return {
    list: async () => [...(await readContent(path)).secrets.values()],
    readMeta: async () => (await readContent(path)).meta,
    put: (id, kind, sealed) => change(({ secrets }) => void secrets.set(id, { id, kind, sealed })),
    remove: (id) => change(({ secrets }) => void secrets.delete(id)),
    writeMeta: (meta) =>
      change((content) => {
        content.meta = meta;
      }),
    resealAll: (resealed, meta) =>
      change((content) => {
        for (const secret of resealed) content.secrets.set(secret.id, secret);
        content.meta = meta;
      }),
  };
}

async function readContent(path: string): Promise<Content> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return { secrets: new Map(), meta: null };
  const { secrets, meta } = JSON.parse(text, (_key, value) => (typeof value?.hex === 'string' ? Buffer.from(value.hex, 'hex') : value));
  return { secrets: new Map(secrets.map((secret: SealedSecret) => [secret.id, secret])), meta };
}

async function writeContent(path: string, { secrets, meta }: Content): Promise<void> {
  const sealed = Array.from(secrets.values(), (secret) => ({ ...secret, sealed: renderBytes(secret.sealed) }));
  const pendingKey = meta === null || meta.pendingKey === null ? null : renderBytes(meta.pendingKey);
  const plainMeta = meta === null ? null : { ...meta, keyCheck: renderBytes(meta.keyCheck), pendingKey };
  await writePrivateFile(path, JSON.stringify({ secrets: sealed, meta: plainMeta }));
}

function renderBytes(bytes: Uint8Array): { hex: string } {
  return { hex: Buffer.from(bytes).toString('hex') };
}
