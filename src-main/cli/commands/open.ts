import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { openBrowser } from '../open-browser.ts';

export function registerOpen(program: Command, context: CliContext): void {
  program
    .command('open')
    .description("show Tollgate's page in the browser")
    .option('--print', 'print the address instead; it works once, for a minute')
    .action(async (options: { print?: true }) => {
      const client = await context.connect();
      const { code } = await client.call('createUiCode', {});
      // In the fragment: browsers send it to nobody.
      const url = `${client.url.origin}/#code=${code}`;
      if (options.print || !(await openBrowser(url, context.environment))) context.print(`${url}\n`);
      else context.note(`Opened ${client.url.origin}/ in the browser.\n`);
    });
}
