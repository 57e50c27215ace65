import { expect, it } from 'vitest';
import { answerText, costs } from '../support/fake-upstream/figures.ts';
import { upstreamKeys } from '../support/test-gateway.ts';
import { findClient, noteText, openClientLab, prompt } from './client-lab.ts';
import { toolSignatures } from './tool-turn.ts';
import { readAllHeard, readHeard, readRows, readSaid, readToolResultRequest } from './what-passed.ts';

const program = findClient('@anthropic-ai/claude-code-linux-x64/claude');
const model = 'claude-sonnet-4-6';

it('Claude Code: uses a tool and answers, its bytes untouched, every call metered', async () => {
  const lab = await openClientLab();
  lab.offerToolCall('Read', { file_path: lab.notePath });
  const run = await lab.run([program, '-p', prompt, '--output-format', 'json'], {
    ANTHROPIC_BASE_URL: lab.tap.url,
    ANTHROPIC_AUTH_TOKEN: lab.tollgate.key,
    ANTHROPIC_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const result = JSON.parse(run.stdout) as { result: string; session_id: string };
  expect(result.result).toBe(answerText);

  const said = readSaid(lab);
  expect(said).toHaveLength(2);
  expect(readHeard(lab, '/anthropic')).toEqual(said);
  for (const { headers, body } of said) {
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-claude-code-session-id': result.session_id });
    expect(headers['anthropic-beta']).toContain('claude-code-');
    expect(JSON.parse(body)).toMatchObject({ model, stream: true });
  }
  const followUp = readToolResultRequest(lab);
  expect(followUp.body.toString('utf8')).toContain(noteText);
  expect(followUp.body.toString('utf8')).toContain(toolSignatures.anthropic);
  expect(followUp.header('x-api-key')).toBe(upstreamKeys.ANTHROPIC_API_KEY);
  expect(readAllHeard(lab)).not.toContain(lab.tollgate.key);

  const rows = await readRows(lab);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({
      ...{ client: 'claude-cli', endpoint: 'messages', callerDialect: 'anthropic-messages', upstreamDialect: 'anthropic-messages' },
      ...{ provider: 'anthropic', model, conversion: 'unchanged', stream: true, status: 'ok', losses: [] },
      ...{ conversationId: result.session_id, costNanoUsd: costs[model], costSource: 'price-book' },
      usage: { inputUncached: 50, inputCacheRead: 30, inputCacheWrite5m: 20, outputText: 24 },
    });
  }
  expect(rows.map(({ finishReason }) => finishReason)).toEqual(['tool_use', 'end_turn']);
  expect(lab.strayed).toEqual([]);

  // Told to be quiet it leaves out the probes that it otherwise starts with, so they are sent for it.
  for (const path of ['/', '/api/hello'])
    expect(await lab.tollgate.send(path, { method: 'HEAD', key: null })).toMatchObject({ status: 200 });
  expect(await readRows(lab)).toHaveLength(2);
});
