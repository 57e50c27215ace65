import { Argument, type Command } from 'commander';
import type { VaultKind, VaultStatus } from '../../contract/entities.ts';
import type { CliContext } from '../cli-context.ts';
import { readPassphrase } from '../read-secret.ts';

const kinds: readonly VaultKind[] = ['keyring', 'passphrase', 'file'];

export function registerVault(program: Command, context: CliContext): void {
  const vault = program.command('vault').description('where the key lies that seals the providers’ keys');
  vault
    .command('move')
    .description('keep it elsewhere, or under another passphrase, read from standard input or a hidden prompt')
    .addArgument(new Argument('<place>', 'system keychain, file sealed by a passphrase, or unprotected key file').choices(kinds))
    .action(async (kind: VaultKind) => {
      const client = await context.connect();
      const passphrase = kind === 'passphrase' ? await readPassphrase(context, 'New passphrase (not shown): ', true) : undefined;
      report(context, await client.call('moveVault', { body: { kind, ...(passphrase !== undefined && { passphrase }) } }));
    });
  vault
    .command('unlock')
    .description('give the passphrase, read from standard input or a hidden prompt')
    .action(async () => {
      const client = await context.connect();
      const passphrase = await readPassphrase(context, 'Passphrase (not shown): ', false);
      report(context, await client.call('unlockVault', { body: { passphrase } }));
    });
}

function report(context: CliContext, { label, notice }: VaultStatus): void {
  context.print(`Keys are kept in: ${label}.\n`);
  if (notice !== null) context.note(`${notice}\n`);
}
