import { expect, it } from 'vitest';
import { answerText, costs } from '../support/fake-upstream/figures.ts';
import { upstreamKeys } from '../support/test-gateway.ts';
import { findClient, noteText, openClientLab, prompt } from './client-lab.ts';
import { toolSignatures } from './tool-turn.ts';
import { readAllHeard, readHeard, readJsonLines, readRows, readSaid, readToolResultRequest } from './what-passed.ts';

const program = findClient('@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex');
const model = 'gpt-5.4-mini';

/** Without plugins and apps it asks nobody but the model. */
const configure = (url: string): string => `
model = "${model}"
model_provider = "tollgate"
check_for_update_on_startup = false
[analytics]
enabled = false
[features]
plugins = false
apps = false
[model_providers.tollgate]
name = "Tollgate"
base_url = "${url}/v1"
env_key = "TOLLGATE_KEY"
wire_api = "responses"
`;

it('Codex: uses a tool and answers, its bytes untouched, every call metered', async () => {
  const lab = await openClientLab();
  lab.writeHome('.codex/config.toml', configure(lab.tap.url));
  lab.offerToolCall('exec_command', { cmd: 'cat note.txt' });
  const run = await lab.run([program, 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json', prompt], {
    TOLLGATE_KEY: lab.tollgate.key,
  });
  expect(run.exitCode, run.stderr).toBe(0);
  const events = readJsonLines(run.stdout);
  expect(events).toContainEqual(expect.objectContaining({ item: expect.objectContaining({ type: 'agent_message', text: answerText }) }));
  const threadId = events[0]?.['thread_id'];

  const said = readSaid(lab);
  expect(said).toHaveLength(2);
  expect(readHeard(lab, '/openai')).toEqual(said);
  for (const { headers, body } of said) {
    expect(headers).toMatchObject({ originator: 'codex_exec', 'session-id': threadId, 'thread-id': threadId });
    expect(JSON.parse(headers['x-codex-turn-metadata'] ?? '')).toMatchObject({ thread_id: threadId, model });
    expect(JSON.parse(body)).toMatchObject({ model, stream: true, prompt_cache_key: threadId });
  }
  const followUp = readToolResultRequest(lab);
  expect(followUp.body.toString('utf8')).toContain(noteText);
  expect(followUp.body.toString('utf8')).toContain(toolSignatures.responses);
  expect(followUp.header('authorization')).toBe(`Bearer ${upstreamKeys.OPENAI_API_KEY}`);
  expect(readAllHeard(lab)).not.toContain(lab.tollgate.key);

  const rows = await readRows(lab);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({
      ...{ client: 'codex_exec', endpoint: 'responses', callerDialect: 'openai-responses', upstreamDialect: 'openai-responses' },
      ...{ provider: 'openai', model, conversion: 'unchanged', stream: true, status: 'ok', losses: [] },
      ...{ conversationId: threadId, costNanoUsd: costs[model], costSource: 'price-book' },
      usage: { inputUncached: 60, inputCacheRead: 40, outputText: 12, outputReasoning: 8 },
    });
  }
  expect(lab.strayed).toEqual([]);
});
