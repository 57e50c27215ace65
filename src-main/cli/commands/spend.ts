import type { Command } from 'commander';
import type { SpendReport, SpendTotals } from '../../contract/entities.ts';
import type { AdminClient } from '../admin-client.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../cli-error.ts';
import { renderTotal } from '../money.ts';
import { collectTexts } from '../parse-tags.ts';
import { type Column, renderTable } from '../table.ts';
import { parseSince } from '../time-range.ts';

interface SpendOptions {
  by: string;
  since: string;
  tag?: string[];
  json?: true;
}

const groupings = /^(model|provider|caller|day|hour|tag:.+)$/;

export function registerSpend(program: Command, context: CliContext): void {
  program
    .command('spend')
    .description('what calls have cost')
    .option('--by <group>', 'model, provider, caller, day, hour or tag:KEY', 'model')
    .option('--since <period>', '7d, 24h, today, month or a date', '7d')
    .option('--tag <key:value>', 'only calls with this tag; key alone: with any value (repeatable, all must hold)', collectTexts)
    .option('--json', 'the reply of the admin API')
    .action(async (options: SpendOptions) => {
      if (!groupings.test(options.by))
        throw new CliError(`Cannot group by "${options.by}": use model, provider, caller, day, hour or tag:KEY.`, 2);
      const from = parseSince(options.since, context.clock());
      const client = await context.connect();
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const report = await client.call('readSpend', {
        query: { groupBy: options.by, from, timeZone, ...(options.tag && { tag: options.tag }) },
      });
      if (options.json) context.printJson(report);
      else context.print(renderSpend(report, options.by, options.by === 'caller' ? await readCallerNames(client) : null));
    });
}

async function readCallerNames(client: AdminClient): Promise<ReadonlyMap<string, string>> {
  const { items } = await client.call('listCallerKeys', {});
  return new Map(items.map((key) => [key.id, `${key.name} (${key.id})`]));
}

/** @param names of the groups' keys, where they are ids */
function renderSpend(report: SpendReport, by: string, names: ReadonlyMap<string, string> | null): string {
  if (report.totals.calls === 0) return 'No calls in this period, demo calls aside.\n';
  const columns: Column[] = [
    { title: by.toUpperCase() },
    { title: 'CALLS', align: 'right' },
    { title: 'FAILED', align: 'right' },
    { title: 'INPUT', align: 'right' },
    { title: 'CACHED', align: 'right' },
    { title: 'OUTPUT', align: 'right' },
    { title: 'SPEND', align: 'right' },
  ];
  const rows = report.groups.map((group) => renderGroup(names?.get(group.key ?? '') ?? group.key ?? '(none)', group));
  return renderTable(columns, [...rows, renderGroup('total', report.totals)]);
}

function renderGroup(name: string, totals: SpendTotals): string[] {
  const input = totals.inputUncached + totals.inputCacheRead + totals.inputCacheWrite;
  return [
    name,
    renderCount(totals.calls),
    renderCount(totals.failed),
    renderCount(input),
    input === 0 ? '-' : `${Math.round((100 * totals.inputCacheRead) / input)} %`,
    renderCount(totals.output + totals.outputReasoning),
    renderTotal(totals),
  ];
}

function renderCount(count: number): string {
  return count.toLocaleString('en-US');
}
