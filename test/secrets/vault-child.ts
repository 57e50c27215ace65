/** Run by tests as a process of its own: `vault-child.ts DIR [--headless] [--passphrase P] [--backend KIND] [save ID SECRET | rotate]`. Prints one JSON line. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFileVault } from '../../src-main/secrets/file-vault.ts';
import { createKeyringVault } from '../../src-main/secrets/keyring-vault.ts';
import { openVault } from '../../src-main/secrets/open-vault.ts';
import { createPassphraseVault } from '../../src-main/secrets/passphrase-vault.ts';
import type { MasterKeyKind } from '../../src-main/secrets/sealed-secret-store.ts';
import { VaultError } from '../../src-main/secrets/vault-error.ts';
import { createJsonSealedStore } from './json-sealed-store.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { headless: { type: 'boolean' }, passphrase: { type: 'string' }, backend: { type: 'string' } },
});
const [dir = '', action, id = '', secret = ''] = positionals;
const cost = { N: 16, r: 8, p: 1 };

const startedAt = performance.now();
const vault = await openVault({
  store: createJsonSealedStore(join(dir, 'sealed.json')),
  ladder: {
    keyring: (vaultId) => createKeyringVault({ vaultId }),
    passphrase: (passphrase) => createPassphraseVault({ path: join(dir, 'vault-passphrase.json'), passphrase, cost }),
    file: () => createFileVault({ path: join(dir, 'vault.key') }),
    headless: values.headless ?? false,
  },
  backend: (values.backend ?? null) as MasterKeyKind | null,
  passphrase: values.passphrase ?? null,
});
const openedState = vault.state;
const openMs = performance.now() - startedAt;

let saveError: VaultError | null = null;
try {
  if (action === 'save') await vault.save(id, secret);
  if (action === 'rotate') await vault.rotateMasterKey();
} catch (error) {
  if (!(error instanceof VaultError)) throw error;
  saveError = error;
}

const report = {
  openedState,
  openMs,
  state: vault.state,
  backend: vault.backend,
  notice: vault.notice,
  reason: vault.reason?.code ?? null,
  message: vault.reason?.message ?? null,
  saveError: saveError?.code ?? null,
  openai: vault.state === 'open' ? vault.read('openai') : null,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
