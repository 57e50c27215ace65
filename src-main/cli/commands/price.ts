import type { Command } from 'commander';
import { parsePriceOverrides } from '../../domain/pricing/parse-price-overrides.ts';
import { type OverrideRates, type PriceOverride, previewOverride } from '../../domain/pricing/price-override.ts';
import type { AdminClient } from '../admin-client.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../cli-error.ts';
import { renderPrintable } from '../printable.ts';
import { renderTable } from '../table.ts';

interface SetOptions extends Pick<OverrideRates, 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning'> {
  free?: true;
  validFrom?: string;
  validTo?: string;
}

export function registerPrice(program: Command, context: CliContext): void {
  const price = program.command('price').description('prices that you set; they win over the price book');
  price
    .command('set')
    .description('set the price of a model, in USD per 1M tokens')
    .argument('<model>', '"provider/model" or "model"; * stands for any text')
    .option('--input <usd>', 'input tokens')
    .option('--output <usd>', 'output tokens')
    .option('--cache-read <usd>', 'input read from a cache (default: as input)')
    .option('--cache-write <usd>', 'input written to a cache (default: as input)')
    .option('--reasoning <usd>', 'reasoning tokens (default: as output)')
    .option('--free', 'costs nothing')
    .option('--valid-from <date>', 'from this day on')
    .option('--valid-to <date>', 'until before this day')
    .action((match: string, options: SetOptions) => setPrice(context, { match, ...options }));
  price
    .command('list')
    .description('all prices that you have set')
    .option('--json', 'the reply of the admin API')
    .action(async (options: { json?: true }) => {
      const client = await context.connect();
      const items = await readItems(client);
      if (options.json) context.printJson({ items });
      else context.print(items.length === 0 ? 'No prices set: the price book applies.\n' : renderPrices(items));
    });
  price
    .command('remove')
    .description('go back to the price book')
    .argument('<model>', 'as "price list" shows it')
    .action(async (match: string) => {
      const client = await context.connect();
      const items = await readItems(client);
      const kept = items.filter((item) => item.match !== match);
      if (kept.length === items.length) throw new CliError(`No price is set for "${match}".`);
      await client.call('savePriceOverrides', { body: { items: kept } });
      context.print(`Removed the price of ${renderPrintable(match)}.\n`);
    });
}

/** Takes the place of the entry for the same models and the same time. */
async function setPrice(context: CliContext, override: PriceOverride): Promise<void> {
  const [problem] = parsePriceOverrides([override]).problems;
  if (problem !== undefined) throw new CliError(`${problem.path.replace(/^0\.?/, '')}: ${problem.message}`, 2);
  const client = await context.connect();
  const others = (await readItems(client)).filter((item) => item.match !== override.match || item.validFrom !== override.validFrom);
  await client.call('savePriceOverrides', { body: { items: [...others, override] } });
  context.print(`Set the price of ${renderPrintable(override.match)}: ${previewOverride(override).text}.\n`);
}

/** The gateway keeps only what it has checked. */
async function readItems(client: AdminClient): Promise<PriceOverride[]> {
  return (await client.call('listPriceOverrides', {})).items as PriceOverride[];
}

function renderPrices(overrides: readonly PriceOverride[]): string {
  const show = (rate: number | string | undefined): string => (rate === undefined ? '-' : String(rate));
  return renderTable(
    [
      { title: 'MODEL' },
      { title: 'INPUT', align: 'right' },
      { title: 'OUTPUT', align: 'right' },
      { title: 'CACHE READ', align: 'right' },
      { title: 'CACHE WRITE', align: 'right' },
      { title: 'REASONING', align: 'right' },
      { title: 'VALID' },
    ],
    overrides.map((override) => [
      override.free ? `${override.match} (free)` : override.match,
      show(override.input),
      show(override.output),
      show(override.cacheRead),
      show(override.cacheWrite),
      show(override.reasoning),
      override.validFrom === undefined && override.validTo === undefined
        ? 'always'
        : `${override.validFrom ?? ''} to ${override.validTo ?? ''}`,
    ]),
  );
}
