import type { VaultControl } from '../admin/admin-services.ts';
import type { VaultKind, VaultStatus } from '../contract/entities.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Vault } from '../secrets/vault.ts';

/** @param named the place that TOLLGATE_VAULT names, if it does: the next start would look there again */
export function createVaultControl(vault: Vault, named: VaultKind | null): VaultControl {
  const describe = (): VaultStatus => ({
    kind: vault.backend?.kind ?? 'none',
    label: vault.backend?.label ?? 'nothing stored yet',
    state: vault.state,
    notice: vault.reason?.message ?? vault.notice,
    named: named !== null,
  });
  return {
    describe,
    async retry() {
      await vault.retry();
      return vault.state;
    },
    async unlock(passphrase) {
      await vault.retry(passphrase);
      if (vault.state !== 'open') throw new GatewayError('vault_unavailable', vault.reason?.message ?? 'No key is stored yet.');
      return describe();
    },
    async move(kind, passphrase) {
      if (named !== null && named !== kind) {
        const message = `TOLLGATE_VAULT=${named} names the place at every start. Take it out of the environment, then move the keys.`;
        throw new GatewayError('conflict', message);
      }
      if (kind === 'passphrase' && passphrase === null)
        throw new GatewayError('invalid_request', 'A passphrase of 8 or more characters is needed.', { param: 'passphrase' });
      try {
        await vault.changeBackend(kind, passphrase ?? undefined);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : 'the vault is closed';
        throw new GatewayError('vault_unavailable', `The keys stay where they are. ${why}`, { cause });
      }
      return describe();
    },
  };
}
