import type { CallerKeyDirectory } from '../admin/admin-services.ts';
import type { CallerKey } from '../contract/entities.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { createCallerKey, hashCallerKey } from '../secrets/caller-key.ts';
import type { ConfigStore, StoredCallerKey } from '../store/config-store.ts';
import type { Configuration } from './configuration.ts';

export interface CallerKeyDirectoryInput {
  configuration: Configuration;
  store: ConfigStore;
  clock(): number;
  newId(): string;
  onChanged(): void;
}

/** Caller keys as the control plane sees and changes them; a key's text leaves this file once, when it is made. */
export function createCallerKeyDirectory(input: CallerKeyDirectoryInput): CallerKeyDirectory {
  const { configuration, store } = input;

  const describe = ({ hash: _hash, ...key }: StoredCallerKey & { source: CallerKey['source'] }): CallerKey => {
    const seen = configuration.lastUsedAt.get(key.id) ?? null;
    return { ...key, lastUsedAt: seen === null ? key.lastUsedAt : Math.max(seen, key.lastUsedAt ?? 0) };
  };

  return {
    list: () => configuration.callerKeys().map(describe),
    async create({ name, tags, scope }) {
      const secret = createCallerKey();
      const key: StoredCallerKey = {
        id: input.newId(),
        name,
        lastFour: secret.slice(-4),
        hash: hashCallerKey(secret),
        tags: { ...tags },
        scope: { models: scope?.models ?? [], providers: scope?.providers ?? [] },
        createdAt: input.clock(),
        lastUsedAt: null,
        revokedAt: null,
      };
      await store.saveCallerKey(key);
      configuration.replaceStored(await store.load());
      input.onChanged();
      return { key: describe({ ...key, source: 'user' }), secret };
    },
    async revoke(id) {
      const key = configuration.callerKeys().find((candidate) => candidate.id === id);
      if (key === undefined) throw new GatewayError('not_found', `There is no caller key ${id}. "tollgate key list" shows them.`);
      if (key.source === 'config-file')
        throw new GatewayError('conflict', 'This key is set by the config file; take it out there and restart.');
      const revokedAt = key.revokedAt ?? input.clock();
      await store.revokeCallerKey(id, revokedAt);
      configuration.replaceStored(await store.load());
      configuration.dropCaller(id);
      input.onChanged();
      return describe({ ...key, revokedAt });
    },
  };
}
