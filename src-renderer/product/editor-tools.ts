import { renderCommand, renderEnv, renderRun } from './shell.ts';
import { renderJson, type Tool } from './tool-settings.ts';

/** Editors, and assistants that live in one. */
export const editorTools: readonly Tool[] = [
  {
    id: 'cursor',
    name: 'Cursor',
    kind: 'tool',
    client: null,
    steps: [{ where: 'Settings › Models › API Keys', render: null, say: 'Override OpenAI Base URL takes a public https address only.' }],
    quirk: 'Cursor calls models from its own servers, so an address on this machine cannot work there.',
  },
  {
    id: 'continue',
    name: 'Continue',
    kind: 'tool',
    client: null,
    steps: [
      {
        where: 'config.yaml',
        render: ({ origin, key, model }) =>
          `models:\n  - name: Tollgate\n    provider: openai\n    model: ${model}\n    apiBase: ${origin}/v1\n    apiKey: ${key}`,
      },
    ],
    quirk: 'apiBase needs /v1, also with provider: anthropic.',
  },
  {
    id: 'cline',
    name: 'Cline',
    kind: 'tool',
    client: null,
    steps: [
      {
        where: 'Shell',
        render: ({ origin, key, model, shell }) =>
          renderCommand(shell, ['cline', 'auth', '-p', 'openai-compatible', '-k', key, '-m', model, '-b', `${origin}/v1`]),
      },
      { where: 'VS Code', render: ({ origin }) => `${origin}/v1`, say: 'Choose OpenAI Compatible and give this base URL and the key.' },
    ],
    quirk: 'The command line takes no base URL for Anthropic.',
  },
  {
    id: 'zed',
    name: 'Zed',
    kind: 'tool',
    client: null,
    steps: [
      {
        where: 'settings.json',
        render: ({ origin, model }) =>
          renderJson({
            language_models: {
              openai_compatible: { Tollgate: { api_url: `${origin}/v1`, available_models: [{ name: model, max_tokens: 128_000 }] } },
            },
          }),
      },
      {
        where: 'Environment of Zed',
        render: ({ key, shell }) => renderEnv(shell, { TOLLGATE_API_KEY: key }),
        say: 'Or enter the key in Zed.',
      },
    ],
    quirk: 'Every model must be listed, with its context size as max_tokens. External agents ignore these settings.',
  },
  {
    id: 'aider',
    name: 'aider',
    kind: 'tool',
    client: null,
    steps: [
      {
        where: 'Shell',
        render: ({ origin, key, model, shell }) =>
          renderRun(shell, { OPENAI_API_BASE: `${origin}/v1`, OPENAI_API_KEY: key }, ['aider', '--model', `openai/${model}`]),
      },
    ],
    quirk: 'Its variable is OPENAI_API_BASE, not OPENAI_BASE_URL.',
  },
  {
    id: 'copilot-cli',
    name: 'Copilot CLI',
    kind: 'tool',
    client: null,
    steps: [
      {
        where: 'Shell',
        render: ({ origin, key, model, shell }) =>
          renderEnv(shell, {
            COPILOT_PROVIDER_TYPE: 'openai',
            COPILOT_PROVIDER_BASE_URL: `${origin}/v1`,
            COPILOT_PROVIDER_API_KEY: key,
            COPILOT_MODEL: model,
          }),
      },
    ],
    quirk: 'It cannot send headers of your own: tag its calls by a key of its own.',
  },
];
