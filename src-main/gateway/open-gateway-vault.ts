import { join } from 'node:path';
import { createFileVault } from '../secrets/file-vault.ts';
import { createKeyringVault } from '../secrets/keyring-vault.ts';
import { openVault } from '../secrets/open-vault.ts';
import { createPassphraseVault } from '../secrets/passphrase-vault.ts';
import type { Vault } from '../secrets/vault.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { GatewayOptions } from './gateway-options.ts';

/** The vault on this machine's ladder: keychain, passphrase, key file. Opens within seconds in every state of the keychain. */
export function openGatewayVault(
  options: Pick<GatewayOptions, 'dataDir' | 'vault'>,
  store: ConfigStore,
  onChange: () => void,
): Promise<Vault> {
  const { dataDir, vault } = options;
  // Headless on macOS the item would be bound to `node` itself: any Node script could read it without a question.
  const keyringIsOurs = !(vault.headless && process.platform === 'darwin');
  return openVault({
    store: store.sealedSecrets,
    backend: vault.backend,
    onChange,
    passphrase: vault.passphrase,
    ladder: {
      keyring: keyringIsOurs ? (vaultId) => createKeyringVault({ vaultId }) : null,
      passphrase: (passphrase) => createPassphraseVault({ path: join(dataDir, 'vault-passphrase.json'), passphrase }),
      file: () => createFileVault({ path: join(dataDir, 'vault.key') }),
      headless: vault.headless,
    },
  });
}
