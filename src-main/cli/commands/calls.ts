import { type Command, InvalidArgumentError } from 'commander';
import type { CallSummary } from '../../contract/entities.ts';
import type { AdminClient } from '../admin-client.ts';
import type { CliContext } from '../cli-context.ts';
import { renderMoney } from '../money.ts';
import { renderPrintable, renderPrintableJson } from '../printable.ts';
import { type Column, renderRow, renderTable } from '../table.ts';

interface CallsOptions {
  follow?: true;
  limit: number;
  json?: true;
}

const PAGE = 500;
const columns: Column[] = [
  { title: 'TIME' },
  { title: 'ID' },
  { title: 'STATUS' },
  { title: 'MODEL' },
  { title: 'IN', align: 'right' },
  { title: 'OUT', align: 'right' },
  { title: 'TOOK', align: 'right' },
  { title: 'COST', align: 'right' },
];
/** For a list that grows: what most rows need. */
const followWidths = [19, 16, 18, 32, 9, 8, 8, 10];

export function registerCalls(program: Command, context: CliContext): void {
  program
    .command('calls')
    .description('the latest calls, newest first')
    .option('--limit <count>', 'how many', parseLimit, 20)
    .option('--follow', 'then show each call as it ends')
    .option('--json', 'the reply of the admin API; with --follow, one call per line')
    .action(async (options: CallsOptions) => {
      const client = await context.connect();
      if (options.follow) return followCalls(context, client, options);
      const list = await listCalls(client, options.limit);
      if (options.json) context.printJson(list);
      else context.print(list.items.length === 0 ? 'No calls yet.\n' : renderTable(columns, list.items.map(renderCall)));
    });
}

async function listCalls(client: AdminClient, limit: number): Promise<{ items: CallSummary[]; nextCursor: string | null }> {
  const items: CallSummary[] = [];
  let nextCursor: string | null = null;
  do {
    const cursor: { cursor?: string } = nextCursor === null ? {} : { cursor: nextCursor };
    const page = await client.call('listCalls', { query: { limit: Math.min(PAGE, limit - items.length), ...cursor } });
    items.push(...page.items);
    nextCursor = page.nextCursor;
  } while (nextCursor !== null && items.length < limit);
  return { items, nextCursor };
}

/** The stream is opened before the list is read, so that no call falls between; those in both are shown once. */
async function followCalls(context: CliContext, client: AdminClient, options: CallsOptions): Promise<void> {
  const shown = new Set<string>();
  let waiting: CallSummary[] | null = [];
  const show = (call: CallSummary): void => {
    if (shown.has(call.id)) return;
    shown.add(call.id);
    context.print(
      options.json ? `${renderPrintableJson(call, 0)}\n` : renderRow(renderCall(call).map(renderPrintable), columns, followWidths),
    );
  };
  const showPast = async (): Promise<void> => {
    if (!options.json)
      context.print(
        renderRow(
          columns.map(({ title }) => title),
          columns,
          followWidths,
        ),
      );
    const { items } = await listCalls(client, options.limit);
    for (const call of items.toReversed()) if (call.status !== 'started') show(call);
    for (const call of waiting ?? []) show(call);
    waiting = null;
  };
  const interrupt = new AbortController();
  const opened = Promise.withResolvers<void>();
  const stream = client.follow(
    (event) => {
      if (event.type !== 'call-finished') return;
      if (waiting === null) show(event.call);
      else waiting.push(event.call);
    },
    opened.resolve,
    interrupt.signal,
  );
  try {
    await Promise.race([opened.promise, stream]);
    await showPast();
    await stream;
  } finally {
    interrupt.abort();
  }
}

function renderCall(call: CallSummary): string[] {
  const { usage } = call;
  const input = addReported([
    usage.inputUncached,
    usage.inputCacheRead,
    usage.inputCacheWrite5m,
    usage.inputCacheWrite1h,
    usage.inputAudio,
    usage.inputImage,
  ]);
  const output = addReported([usage.outputText, usage.outputReasoning, usage.outputAudio]);
  return [
    // Swedish writes local time as 2026-11-20 09:00:01.
    new Date(call.startedAt).toLocaleString('sv-SE'),
    call.id,
    call.errorCode ?? call.status,
    call.provider === null ? call.requestedModel : `${call.provider}/${call.model}`,
    renderTokens(input),
    renderTokens(output),
    renderDuration(call.durationMs),
    `${call.costSource === 'estimated' ? '≈ ' : ''}${renderMoney(call.costNanoUsd)}`,
  ];
}

function renderDuration(durationMs: number | null): string {
  if (durationMs === null) return '-';
  return durationMs < 1000 ? `${durationMs} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}

function addReported(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, count) => (count === null ? sum : (sum ?? 0) + count), null);
}

function renderTokens(count: number | null): string {
  return count === null ? '-' : count.toLocaleString('en-US');
}

function parseLimit(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('Give a whole number from 1 up.');
  return Number(text);
}
