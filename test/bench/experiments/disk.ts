import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createCallIds } from '../../../src-main/domain/call-id.ts';
import { createRandom } from '../../support/random.ts';
import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import { createCallRecords, createTextCutter } from '../traffic/sample-records.ts';
import type { Experiment } from './experiment.ts';
import { openBenchLedger } from './open-bench-ledger.ts';

const DAY_MS = 86_400_000;
const TURNS = 40;
const SESSIONS = 4;

/** What stays on disk: everything in the data folder after the ledger is closed. */
export const diskExperiment: Experiment = {
  rows: ['disk-row', 'disk-agent'],
  async run(lab, wants) {
    const measured: Measured[] = [];
    if (wants('disk-row')) measured.push(await measureRows(lab));
    if (wants('disk-agent')) measured.push(await measureAgent(lab));
    return measured;
  },
};

/** Calls of 30 days, three tags each, in the small batches of a machine that is not busy. */
async function measureRows(lab: Lab): Promise<Measured> {
  const calls = lab.options.quick ? 10_000 : 40_000;
  const dataDir = lab.openDir('disk-row');
  const emptyBytes = await createEmpty(dataDir);
  const ledger = await openBenchLedger(dataDir);
  const source = createRandom(11);
  const random = (): number => source.below(2 ** 31) / 2 ** 31;
  let now = Date.now() - 30 * DAY_MS;
  const newId = createCallIds(() => now);
  for (let i = 0; i < calls; i++) {
    now += (30 * DAY_MS) / calls;
    const { start, end } = createCallRecords(newId(), Math.floor(now), random);
    ledger.recordStart(start);
    ledger.recordEnd(end);
    if (i % 8 === 7) await ledger.flush();
  }
  await ledger.close();
  return {
    row: 'disk-row',
    value: (readBytes(dataDir) - emptyBytes) / calls / 1000,
    detail: `${calls} calls of 30 days, written 8 at a time`,
  };
}

/** A coding session sends all of its history with every request; each is written by itself, as they come. */
async function measureAgent(lab: Lab): Promise<Measured> {
  const dataDir = lab.openDir('disk-agent');
  const emptyBytes = await createEmpty(dataDir);
  const ledger = await openBenchLedger(dataDir);
  const source = createRandom(13);
  const random = (): number => source.below(2 ** 31) / 2 ** 31;
  const cut = createTextCutter(random);
  const newId = createCallIds(Date.now);
  let sentBytes = 0;
  for (let session = 0; session < SESSIONS; session++) {
    const system = cut(30_000);
    const tools = Array.from({ length: 12 }, (_, i) => ({ name: `tool_${i}`, description: cut(400), input_schema: { type: 'object' } }));
    const messages: unknown[] = [{ role: 'user', content: cut(1_000) }];
    for (let turn = 0; turn < TURNS; turn++) {
      const request = Buffer.from(
        JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 32_000, system, tools, messages, stream: true }),
      );
      const answer = cut(1_000);
      const { start, end } = createCallRecords(newId(), Date.now(), random);
      ledger.recordStart({ ...start, requestBytes: request.length, callerDialect: 'anthropic-messages', endpoint: 'messages' });
      ledger.recordEnd(end);
      ledger.recordBodies(start.id, { request, response: renderAnswer(answer) });
      await ledger.flush();
      sentBytes += request.length;
      const use = { type: 'tool_use', id: `toolu_${session}_${turn}`, name: 'tool_1', input: { path: `/src/${turn}` } };
      const result = { type: 'tool_result', tool_use_id: use.id, content: cut(2_900) };
      messages.push({ role: 'assistant', content: [{ type: 'text', text: answer }, use] }, { role: 'user', content: [result] });
    }
  }
  await ledger.close();
  const requests = TURNS * SESSIONS;
  const perRequest = (readBytes(dataDir) - emptyBytes) / requests / 1000;
  const sentKb = Math.round(sentBytes / requests / 1000);
  return { row: 'disk-agent', value: perRequest, detail: `${sentKb} KB sent per request, answer and ledger row included` };
}

function renderAnswer(text: string): Buffer[] {
  const events: Buffer[] = [];
  for (let at = 0; at < text.length; at += 5) {
    const value = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: text.slice(at, at + 5) } };
    events.push(Buffer.from(`event: content_block_delta\ndata: ${JSON.stringify(value)}\n\n`));
  }
  return events;
}

/** Size of a ledger without calls: the disk reserve and the empty tables are no call's cost. */
async function createEmpty(dataDir: string): Promise<number> {
  const ledger = await openBenchLedger(dataDir);
  await ledger.close();
  return readBytes(dataDir);
}

function readBytes(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(dir, name)))
    .filter((stat) => stat.isFile())
    .reduce((sum, stat) => sum + stat.size, 0);
}
