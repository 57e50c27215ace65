import { describe, expect, it } from 'vitest';
import { codingTools } from '../../src-renderer/product/coding-tools.ts';
import { editorTools } from '../../src-renderer/product/editor-tools.ts';
import { sdkTools } from '../../src-renderer/product/sdk-tools.ts';
import { type Shell, shells } from '../../src-renderer/product/shell.ts';

const tools = [...codingTools, ...editorTools, ...sdkTools];
const values = { origin: 'http://127.0.0.1:7979', key: 'tk_test', model: 'demo/echo' };
const renderAll = (id: string, shell: Shell = 'sh'): string =>
  tools
    .find((tool) => tool.id === id)
    ?.steps.map(({ render }) => render?.({ ...values, shell }) ?? '')
    .join('\n') ?? '';

describe('what tools are told', () => {
  it('has no id twice', () => {
    expect(new Set(tools.map(({ id }) => id)).size).toBe(tools.length);
  });

  it('names the address of this gateway wherever it can be reached', () => {
    for (const { value: shell } of shells)
      for (const { id } of tools) if (id !== 'cursor') expect(renderAll(id, shell), `${id}, ${shell}`).toContain(values.origin);
  });

  // The version belongs to the address for some and breaks it for others.
  it.each(['claude-code', 'anthropic-sdk', 'gemini-cli', 'google-sdk'])('%s gets the root', (id) => {
    expect(renderAll(id)).not.toContain(`${values.origin}/v1`);
  });

  it.each(['codex', 'opencode', 'continue', 'cline', 'zed', 'aider', 'openai-sdk'])('%s gets /v1', (id) => {
    expect(renderAll(id)).toContain(`${values.origin}/v1`);
  });

  it.each([
    ['claude-cli', 'claude-code'],
    ['codex_exec', 'codex'],
    ['GeminiCLI-tui', 'gemini-cli'],
    ['opencode', 'opencode'],
    ['OpenAI/JS', 'openai-sdk'],
    ['Anthropic/JS', 'anthropic-sdk'],
    ['curl', 'curl'],
  ])('%s is recognised', (client, id) => {
    expect(tools.filter((tool) => tool.client?.test(client)).map((tool) => tool.id)).toEqual([id]);
  });
});
