import type { Command } from 'commander';
import type { CallerKey } from '../../contract/entities.ts';
import type { CliContext } from '../cli-context.ts';
import { collectTags, collectTexts } from '../parse-tags.ts';
import { renderPrintable } from '../printable.ts';
import { renderTable } from '../table.ts';

interface CreateOptions {
  name: string;
  tag?: Record<string, string>;
  model?: string[];
  provider?: string[];
  json?: true;
}

export function registerKey(program: Command, context: CliContext): void {
  const key = program.command('key').description('keys with which tools call Tollgate');
  key
    .command('create')
    .description('make a key; it is printed once')
    .requiredOption('--name <name>', 'which tool it is for')
    .option('--tag <key:value>', 'tag of every call made with it (repeatable)', collectTags)
    .option('--model <pattern>', 'allow only these models, * for any text (repeatable)', collectTexts)
    .option('--provider <id>', 'allow only these providers (repeatable)', collectTexts)
    .option('--json', 'the reply of the admin API')
    .action((options: CreateOptions) => createKey(context, options));
  key
    .command('list')
    .description('all keys')
    .option('--json', 'the reply of the admin API')
    .action(async (options: { json?: true }) => {
      const client = await context.connect();
      const keys = await client.call('listCallerKeys', {});
      if (options.json) context.printJson(keys);
      else context.print(keys.items.length === 0 ? 'No keys yet: tollgate key create --name NAME\n' : renderKeys(keys.items));
    });
  key
    .command('revoke')
    .description('refuse a key from now on')
    .argument('<id>', 'as "key list" shows it')
    .option('--json', 'the reply of the admin API')
    .action(async (id: string, options: { json?: true }) => {
      const client = await context.connect();
      const revoked = await client.call('revokeCallerKey', { params: { id } });
      if (options.json) context.printJson(revoked);
      else context.print(renderPrintable(`Revoked ${revoked.id} (${revoked.name}).`).concat('\n'));
    });
}

async function createKey(context: CliContext, options: CreateOptions): Promise<void> {
  const client = await context.connect();
  const { name, tag, model, provider } = options;
  const scope = model || provider ? { scope: { ...(model && { models: model }), ...(provider && { providers: provider }) } } : {};
  const created = await client.call('createCallerKey', { body: { name, ...(tag && { tags: tag }), ...scope } });
  if (options.json) return context.printJson(created);
  // The key alone on standard output: KEY=$(tollgate key create --name ci)
  context.note(renderPrintable(`Created ${created.key.id} (${created.key.name}). Keep the key now, it is not shown again:`).concat('\n'));
  context.print(`${renderPrintable(created.secret)}\n`);
}

function renderKeys(keys: readonly CallerKey[]): string {
  return renderTable(
    [
      { title: 'ID' },
      { title: 'NAME' },
      { title: 'KEY' },
      { title: 'TAGS' },
      { title: 'ALLOWED' },
      { title: 'LAST USED' },
      { title: 'STATE' },
    ],
    keys.map((key) => [
      key.id,
      key.name,
      `…${key.lastFour}`,
      Object.entries(key.tags)
        .map(([name, value]) => `${name}:${value}`)
        .join(' ') || '-',
      [...key.scope.providers, ...key.scope.models].join(' ') || 'everything',
      key.lastUsedAt === null ? 'never' : new Date(key.lastUsedAt).toLocaleString(),
      key.revokedAt === null ? (key.source === 'config-file' ? 'active, from the config file' : 'active') : 'revoked',
    ]),
  );
}
