import { expect, it } from 'vitest';
import { answerText, costs } from '../support/fake-upstream/figures.ts';
import { type ClientLab, findClient, noteText, openClientLab, prompt } from './client-lab.ts';
import type { ClientRun } from './run-client.ts';
import { toolSignatures } from './tool-turn.ts';
import { readAllHeard, readHeard, readJsonLines, readRows, readSaid, readToolResultRequest } from './what-passed.ts';

type Model = 'gpt-5.4-mini' | 'claude-sonnet-4-6' | 'gemini-2.5-flash';

const program = findClient('opencode-linux-x64/bin/opencode');

/** It speaks the dialect of the package that is set for the provider. */
async function runOpenCode(lab: ClientLab, npm: string, model: Model): Promise<ClientRun> {
  const options = { baseURL: `${lab.tap.url}/${npm === '@ai-sdk/google' ? 'v1beta' : 'v1'}`, apiKey: lab.tollgate.key };
  const provider = { tollgate: { npm, options, models: { [model]: {} } } };
  lab.writeHome('.config/opencode/opencode.json', { autoupdate: false, share: 'disabled', model: `tollgate/${model}`, provider });
  lab.offerToolCall('read', { filePath: lab.notePath });
  return lab.run([program, 'run', '--pure', '--format', 'json', prompt], {
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  });
}

/** What holds for every run: the answer is shown, all three calls (one is for a title) are in the ledger as `row` says. */
async function expectDone(lab: ClientLab, run: ClientRun, row: object): Promise<void> {
  expect(run.exitCode, run.stderr).toBe(0);
  const events = readJsonLines(run.stdout);
  expect(events).toContainEqual(expect.objectContaining({ part: expect.objectContaining({ type: 'text', text: answerText }) }));
  expect(readToolResultRequest(lab).body.toString('utf8')).toContain(noteText);
  expect(readAllHeard(lab)).not.toContain(lab.tollgate.key);
  const rows = await readRows(lab);
  expect(rows).toHaveLength(3);
  const conversationId = events[0]?.['sessionID'];
  for (const found of rows) expect(found).toMatchObject({ client: 'opencode', conversationId, stream: true, status: 'ok', ...row });
  // Its installer of plug-ins cannot be told to be quiet.
  expect(lab.strayed.filter((host) => host !== 'registry.npmjs.org:443')).toEqual([]);
}

it.each([
  ['@ai-sdk/anthropic', 'claude-sonnet-4-6', 'messages', 'anthropic-messages', '/anthropic', toolSignatures.anthropic],
  ['@ai-sdk/openai', 'gpt-5.4-mini', 'responses', 'openai-responses', '/openai', toolSignatures.responses],
  ['@ai-sdk/google', 'gemini-2.5-flash', 'gemini-generate', 'gemini-generate', '/gemini', toolSignatures.gemini],
] as const)(
  'OpenCode by %s: uses a tool and answers, its bytes untouched, every call metered',
  async (npm, model, endpoint, dialect, pathPrefix, signature) => {
    const lab = await openClientLab();
    const run = await runOpenCode(lab, npm, model);
    expect(readHeard(lab, pathPrefix)).toEqual(readSaid(lab));
    await expectDone(lab, run, {
      ...{ endpoint, callerDialect: dialect, upstreamDialect: dialect, conversion: 'unchanged', losses: [] },
      ...{ model, costNanoUsd: costs[model], costSource: 'price-book' },
    });
    expect(readToolResultRequest(lab).body.toString('utf8')).toContain(signature);
  },
);

it('OpenCode by Chat Completions: only what the model calls its output limit is changed', async () => {
  const lab = await openClientLab();
  const model = 'gpt-5.4-mini';
  const run = await runOpenCode(lab, '@ai-sdk/openai-compatible', model);
  const said = readSaid(lab).map(({ headers, body }) => {
    const { max_tokens: max_completion_tokens, ...rest } = JSON.parse(body);
    return { headers, body: { ...rest, max_completion_tokens } };
  });
  expect(readHeard(lab, '/openai').map(({ headers, body }) => ({ headers, body: JSON.parse(body) }))).toEqual(said);
  await expectDone(lab, run, {
    ...{ endpoint: 'chat', callerDialect: 'openai-chat', upstreamDialect: 'openai-chat', conversion: 'patched' },
    ...{ model, costNanoUsd: costs[model], costSource: 'price-book' },
  });
});

it.each([
  ['claude-sonnet-4-6', 'anthropic-messages', toolSignatures.anthropic],
  ['gemini-2.5-flash', 'gemini-generate', toolSignatures.gemini],
] as const)('OpenCode by Chat Completions with %s: a whole tool loop, translated', async (model, upstreamDialect, signature) => {
  const lab = await openClientLab();
  const run = await runOpenCode(lab, '@ai-sdk/openai-compatible', model);
  await expectDone(lab, run, {
    ...{ endpoint: 'chat', callerDialect: 'openai-chat', upstreamDialect, conversion: 'translated' },
    ...{ model, costNanoUsd: costs[model], costSource: 'price-book' },
  });
  // A chat client knows nothing of signatures; the model gets its own back with the tool's result all the same.
  expect(readToolResultRequest(lab).body.toString('utf8')).toContain(signature);
});
