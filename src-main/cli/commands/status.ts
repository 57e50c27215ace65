import type { Command } from 'commander';
import type { Provider, Status } from '../../contract/entities.ts';
import type { CliContext } from '../cli-context.ts';
import { renderTotal } from '../money.ts';
import { renderPrintable } from '../printable.ts';

export function registerStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('what runs, where, and what today has cost')
    .option('--json', 'the reply of the admin API')
    .action(async (options: { json?: true }) => {
      const client = await context.connect();
      const status = await client.call('readStatus', {});
      if (options.json) context.printJson(status);
      else context.print(renderStatus(status));
    });
}

function renderStatus(status: Status): string {
  const ready = status.providers.filter(isSetUp);
  const lines: [string, string][] = [
    ['Tollgate', `${status.version} at ${status.url} (pid ${status.pid}, since ${new Date(status.startedAt).toLocaleString()})`],
    ['Data', status.dataDir],
    ['Keys kept in', `${status.vault.label}: ${status.vault.state}${status.vault.notice === null ? '' : `. ${status.vault.notice}`}`],
    ['Ledger', status.ledger.message === null ? status.ledger.state : `${status.ledger.state}. ${status.ledger.message}`],
    [
      'Providers',
      ready.length === 0 ? 'none set up: add one with "tollgate provider add"' : ready.map((provider) => provider.id).join(', '),
    ],
    ['Caller keys', status.callerKeys === 0 ? 'none: make one with "tollgate key create --name NAME"' : String(status.callerKeys)],
    ['Today', `${renderTotal(status.today)} in ${status.today.calls} calls, ${status.today.failed} failed`],
  ];
  return lines.map(([name, value]) => `${name.padEnd(14)}${renderPrintable(value)}\n`).join('');
}

/** The local servers that come with Tollgate need no key, which does not mean that they run. */
function isSetUp({ enabled, key, source }: Provider): boolean {
  return enabled && (key.state === 'set' || (key.state === 'not-needed' && source !== 'built-in'));
}
