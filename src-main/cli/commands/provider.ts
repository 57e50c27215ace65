import { type Command, Option } from 'commander';
import type { ProviderInput } from '../../contract/admin-api.ts';
import type { Provider, ProviderTest } from '../../contract/entities.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../cli-error.ts';
import { collectTexts } from '../parse-tags.ts';
import { renderPrintable } from '../printable.ts';
import { readSecret } from '../read-secret.ts';
import { renderTable } from '../table.ts';

interface AddOptions {
  name?: string;
  baseUrl?: string;
  dialect?: ProviderInput['dialect'];
  model?: string[];
  keyFromEnv?: string;
  /** false = --no-key */
  key: boolean;
  /** false = --no-test */
  test: boolean;
  json?: true;
}

const dialects = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini-generate'] as const;

export function registerProvider(program: Command, context: CliContext): void {
  const provider = program.command('provider').description('where models come from');
  provider
    .command('add')
    .description('set up a provider, or change one; the key is read from standard input or a hidden prompt')
    .argument('<id>', 'openai, anthropic, gemini, xai, or a name of your own')
    .option('--name <name>', 'name to show')
    .option('--base-url <url>', 'address of the API, as its SDK wants it')
    .addOption(new Option('--dialect <dialect>', 'what it speaks').choices(dialects))
    .option('--model <model>', 'a model it has (repeatable)', collectTexts)
    .option('--key-from-env <variable>', 'read the key from this environment variable')
    .option('--no-key', 'it needs no key, or the stored one stays')
    .option('--no-test', 'save without a live test')
    .option('--json', 'the reply of the admin API')
    .action((id: string, options: AddOptions) => addProvider(context, id, options));
  provider
    .command('list')
    .description('all providers')
    .option('--json', 'the reply of the admin API')
    .action(async (options: { json?: true }) => {
      const client = await context.connect();
      const providers = await client.call('listProviders', {});
      if (options.json) context.printJson(providers);
      else context.print(renderProviders(providers.items));
    });
  provider
    .command('test')
    .description('try key and address for real')
    .argument('<id>')
    .option('--json', 'the reply of the admin API')
    .action(async (id: string, options: { json?: true }) => {
      const client = await context.connect();
      const test = await client.call('testProvider', { params: { id } });
      if (options.json) context.printJson(test);
      else if (test.ok) context.print(`${id} works${renderFindings(test)}.\n`);
      if (!test.ok) throw new CliError(`${id} does not work: ${renderFault(test)}`);
    });
  provider
    .command('find')
    .description('look for model servers on this machine')
    .option('--json', 'print the reply of the admin API')
    .action(async (options: { json?: boolean }) => {
      const { items } = await (await context.connect()).call('findLocalServers', {});
      if (options.json) return context.printJson({ items });
      if (items.length === 0) return context.print('No model server answers on the usual ports (Ollama, LM Studio, llama.cpp, vLLM).\n');
      const columns = [{ title: 'ID' }, { title: 'BASE URL' }, { title: 'CALL IT AS' }];
      context.print(
        renderTable(
          columns,
          items.map(({ id, baseUrl, models }) => [id, baseUrl, models.map((model) => `${id}/${model}`).join(', ')]),
        ),
      );
    });
  provider
    .command('remove')
    .description('forget a provider and its key')
    .argument('<id>')
    .action(async (id: string) => {
      const client = await context.connect();
      await client.call('removeProvider', { params: { id } });
      context.print(`Removed ${renderPrintable(id)}.\n`);
    });
}

async function addProvider(context: CliContext, id: string, options: AddOptions): Promise<void> {
  const client = await context.connect();
  const key = options.key ? await readSecret(context, `Key for ${renderPrintable(id)} (not shown): `, options.keyFromEnv) : undefined;
  const { provider, test } = await client.call('saveProvider', {
    body: {
      id,
      ...(options.name !== undefined && { name: options.name }),
      ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
      ...(options.dialect !== undefined && { dialect: options.dialect }),
      ...(options.model !== undefined && { models: options.model }),
      ...(key !== undefined && { key }),
      ...(!options.test && { skipTest: true }),
    },
  });
  if (options.json) context.printJson({ provider, test });
  else if (test === null) context.print(`Saved ${id}, not tested.\n`);
  else if (test.ok) context.print(`Saved ${id}: it works${renderFindings(test)}.\n`);
  if (test?.ok === false) throw new CliError(`${id} does not work: ${renderFault(test)}`);
}

function renderFindings(test: ProviderTest): string {
  const models = test.models === null ? '' : `, ${test.models.length} models`;
  return test.latencyMs === null ? models : `${models}, answered in ${test.latencyMs} ms`;
}

function renderFault(test: ProviderTest): string {
  return (
    [test.message, test.errorCode === null ? null : `(${test.errorCode})`].filter((part) => part !== null).join(' ') || 'no reason given'
  );
}

function renderProviders(providers: readonly Provider[]): string {
  return renderTable(
    [
      { title: 'ID' },
      { title: 'NAME' },
      { title: 'SPEAKS' },
      { title: 'KEY' },
      { title: 'MODELS', align: 'right' },
      { title: 'BASE URL' },
      { title: 'STATE' },
    ],
    providers.map((provider) => [
      provider.id,
      provider.name,
      provider.dialect,
      provider.key.lastFour === null ? provider.key.state : `${provider.key.state} …${provider.key.lastFour}`,
      provider.models.length === 0 ? '-' : String(provider.models.length),
      provider.baseUrl,
      provider.enabled ? provider.source : `${provider.source}, off`,
    ]),
  );
}
