import { renderEnv, renderRun } from './shell.ts';
import { renderJson, type Tool, type ToolValues } from './tool-settings.ts';

/** Programs that write code, each as its own documentation has it. */
export const codingTools: readonly Tool[] = [
  {
    id: 'claude-code',
    name: 'Claude Code',
    kind: 'tool',
    client: /^claude-cli/i,
    steps: [
      {
        where: 'Shell',
        render: ({ origin, key, shell }) => renderRun(shell, { ANTHROPIC_BASE_URL: origin, ANTHROPIC_AUTH_TOKEN: key }, ['claude']),
      },
      {
        where: '~/.claude/settings.json, for good',
        render: ({ origin, key }) => renderJson({ env: { ANTHROPIC_BASE_URL: origin, ANTHROPIC_AUTH_TOKEN: key } }),
      },
    ],
    quirk: 'The address has no /v1. What settings.json says wins over the shell.',
  },
  {
    id: 'codex',
    name: 'Codex CLI',
    kind: 'tool',
    client: /^codex/i,
    steps: [
      { where: 'Shell', render: renderCodexRun },
      {
        where: '~/.codex/config.toml, for good',
        render: ({ origin }) =>
          `model_provider = "tollgate"\n\n[model_providers.tollgate]\nname = "Tollgate"\nbase_url = "${origin}/v1"\nenv_key = "TOLLGATE_KEY"\nwire_api = "responses"`,
      },
      { where: 'Shell, with the file', render: ({ key, shell }) => renderEnv(shell, { TOLLGATE_KEY: key }) },
    ],
    quirk: 'OPENAI_BASE_URL is ignored, and wire_api must be "responses".',
  },
  {
    id: 'gemini-cli',
    name: 'Gemini CLI',
    kind: 'tool',
    client: /^geminicli/i,
    steps: [
      {
        where: 'Shell',
        render: ({ origin, key, shell }) => renderRun(shell, { GOOGLE_GEMINI_BASE_URL: origin, GEMINI_API_KEY: key }, ['gemini']),
      },
      {
        where: '~/.gemini/settings.json',
        render: () => renderJson({ security: { auth: { selectedType: 'gemini-api-key' } } }),
      },
    ],
    quirk: 'Without selectedType it says "Invalid auth method selected.", whatever the variables say.',
  },
  {
    id: 'opencode',
    name: 'OpenCode',
    kind: 'tool',
    client: /^opencode/i,
    steps: [
      {
        where: '~/.config/opencode/opencode.json',
        render: ({ origin, key, model }) =>
          renderJson({
            provider: {
              tollgate: {
                npm: '@ai-sdk/openai-compatible',
                name: 'Tollgate',
                options: { baseURL: `${origin}/v1`, apiKey: key },
                models: { [model]: {} },
              },
            },
          }),
      },
    ],
    quirk: 'The address needs /v1 for every provider, Anthropic’s too. A second call for the title goes to a small model.',
  },
];

function renderCodexRun({ origin, key, model, shell }: ToolValues): string {
  // TOML takes either quote; Windows PowerShell loses double ones on the way to a program.
  const toml = (text: string): string => (shell === 'powershell' ? `'${text}'` : `"${text}"`);
  const fields = { name: 'Tollgate', base_url: `${origin}/v1`, env_key: 'TOLLGATE_KEY', wire_api: 'responses' };
  const provider = Object.entries(fields).map(([name, value]) => `${name}=${toml(value)}`);
  const settings = ['model_provider=tollgate', `model_providers.tollgate={${provider.join(',')}}`];
  return renderRun(shell, { TOLLGATE_KEY: key }, ['codex', ...settings.flatMap((setting) => ['-c', setting]), '-m', model]);
}
