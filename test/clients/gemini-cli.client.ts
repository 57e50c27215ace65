import { expect, it } from 'vitest';
import { answerText, costs } from '../support/fake-upstream/figures.ts';
import { upstreamKeys } from '../support/test-gateway.ts';
import { findClient, noteText, openClientLab, prompt } from './client-lab.ts';
import { toolSignatures } from './tool-turn.ts';
import { readAllHeard, readHeard, readRows, readSaid, readToolResultRequest } from './what-passed.ts';

const program = findClient('@google/gemini-cli/bundle/gemini.js');
const model = 'gemini-2.5-flash';
const settings = {
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
  general: { enableAutoUpdate: false },
  privacy: { usageStatisticsEnabled: false },
};

it('Gemini CLI: uses a tool and answers, its bytes untouched, every call metered', async () => {
  const lab = await openClientLab();
  lab.writeHome('.gemini/settings.json', settings);
  lab.offerToolCall('read_file', { file_path: lab.notePath });
  const run = await lab.run([process.execPath, program, '-m', model, '--output-format', 'json', '-p', prompt], {
    GEMINI_API_KEY: lab.tollgate.key,
    GOOGLE_GEMINI_BASE_URL: lab.tap.url,
    // It would start itself anew to set its memory limit.
    GEMINI_CLI_NO_RELAUNCH: 'true',
  });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ response: answerText });

  const said = readSaid(lab);
  expect(said).toHaveLength(2);
  expect(readHeard(lab, '/gemini')).toEqual(said);
  for (const { path } of said) expect(path).toBe(`/v1beta/models/${model}:streamGenerateContent?alt=sse`);
  const followUp = readToolResultRequest(lab);
  expect(followUp.body.toString('utf8')).toContain(noteText);
  expect(followUp.body.toString('utf8')).toContain(toolSignatures.gemini);
  expect(followUp.header('x-goog-api-key')).toBe(upstreamKeys.GEMINI_API_KEY);
  expect(readAllHeard(lab)).not.toContain(lab.tollgate.key);

  const rows = await readRows(lab);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({
      ...{ client: 'GeminiCLI-tui', endpoint: 'gemini-generate', callerDialect: 'gemini-generate', upstreamDialect: 'gemini-generate' },
      ...{ provider: 'gemini', model, conversion: 'unchanged', stream: true, status: 'ok', losses: [] },
      ...{ costNanoUsd: costs[model], costSource: 'price-book' },
      usage: { inputUncached: 20, inputCacheRead: 100, outputText: 14, outputReasoning: 6 },
    });
  }
  // It names no conversation: the second call is found to go on from the first.
  expect(rows[0]?.conversationId).toMatch(/^conv_/);
  expect(rows[1]?.conversationId).toBe(rows[0]?.conversationId);
  expect(lab.strayed).toEqual([]);
});
