import type { Provider } from '../../../src-main/contract/entities.ts';

export interface ProviderGroups {
  ready: Provider[];
  /** Known, without a key. */
  open: Provider[];
  /** Known local servers that were never set up. */
  local: Provider[];
}

export function groupProviders(providers: readonly Provider[]): ProviderGroups {
  const isIdleLocal = (provider: Provider): boolean =>
    provider.source === 'built-in' && provider.key.state === 'not-needed' && provider.id !== 'demo' && provider.models.length === 0;
  const isOpen = (provider: Provider): boolean => provider.source === 'built-in' && provider.key.state === 'missing';
  return {
    ready: providers.filter((provider) => !isIdleLocal(provider) && !isOpen(provider)),
    open: providers.filter(isOpen),
    local: providers.filter(isIdleLocal),
  };
}

export interface KeyWords {
  kind: 'plain' | 'good' | 'look' | 'bad';
  text: string;
  title: string;
}

export function describeKey({ state, lastFour }: Provider['key']): KeyWords {
  const ending = lastFour === null ? '' : ` ····${lastFour}`;
  switch (state) {
    case 'set':
      return { kind: 'good', text: `key${ending}`, title: 'Stored; it cannot be read back.' };
    case 'missing':
      return { kind: 'look', text: 'no key', title: 'Calls to this provider fail until it has a key.' };
    case 'not-needed':
      return { kind: 'plain', text: 'needs no key', title: 'Runs on this machine.' };
    case 'locked':
      return { kind: 'bad', text: `locked${ending}`, title: 'The key is stored, but the keychain is locked.' };
  }
}

/** Why it cannot be changed here; null when it can. */
export function readOnlyReason(provider: Provider): string | null {
  if (provider.id === 'demo') return 'Part of Tollgate: it needs no setting.';
  return provider.source === 'config-file' ? 'Set by the config file: change it there and restart the gateway.' : null;
}

/** "Local llama" → "local-llama": the part before the slash in "local-llama/model". */
export function suggestId(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}
