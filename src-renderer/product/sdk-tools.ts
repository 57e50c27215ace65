import { quotePowerShell, renderCommand, renderEnv } from './shell.ts';
import type { Tool, ToolValues } from './tool-settings.ts';

/** Libraries a program of your own uses, and curl. */
export const sdkTools: readonly Tool[] = [
  {
    id: 'openai-sdk',
    name: 'OpenAI SDK',
    kind: 'sdk',
    client: /^(Async)?OpenAI\//i,
    steps: [
      { where: 'Shell', render: ({ origin, key, shell }) => renderEnv(shell, { OPENAI_BASE_URL: `${origin}/v1`, OPENAI_API_KEY: key }) },
    ],
    quirk: 'The address ends in /v1.',
  },
  {
    id: 'anthropic-sdk',
    name: 'Anthropic SDK',
    kind: 'sdk',
    client: /^(Async)?Anthropic\//i,
    steps: [
      { where: 'Shell', render: ({ origin, key, shell }) => renderEnv(shell, { ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: key }) },
    ],
    quirk: 'The address has no /v1.',
  },
  {
    id: 'google-sdk',
    name: 'Google GenAI SDK',
    kind: 'sdk',
    client: /^google-genai-sdk/i,
    steps: [
      { where: 'Shell', render: ({ origin, key, shell }) => renderEnv(shell, { GOOGLE_GEMINI_BASE_URL: origin, GEMINI_API_KEY: key }) },
    ],
    quirk: 'The address has no version.',
  },
  {
    id: 'vercel-ai-sdk',
    name: 'Vercel AI SDK',
    kind: 'sdk',
    client: /^ai$/i,
    steps: [
      {
        where: 'TypeScript',
        render: ({ origin, key, model }) =>
          `const tollgate = createOpenAI({ baseURL: '${origin}/v1', apiKey: '${key}' });\nconst model = tollgate.chat('${model}');`,
      },
    ],
    quirk: 'createAnthropic wants its address with /v1, unlike the Anthropic SDK.',
  },
  {
    id: 'langchain-js',
    name: 'LangChain JS',
    kind: 'sdk',
    client: /^langchainjs/i,
    steps: [
      { where: 'Shell', render: ({ origin, key, shell }) => renderEnv(shell, { OPENAI_BASE_URL: `${origin}/v1`, OPENAI_API_KEY: key }) },
    ],
    quirk: null,
  },
  {
    id: 'curl',
    name: 'curl',
    kind: 'sdk',
    client: /^curl/i,
    steps: [{ where: 'Shell', render: renderHttpCall }],
    quirk: null,
  },
];

/** In Windows PowerShell `curl` is another program, and quotes in what is passed to a real one get lost. */
function renderHttpCall({ origin, key, model, shell }: ToolValues): string {
  const url = `${origin}/v1/chat/completions`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  if (shell === 'powershell') {
    const headers = `@{ authorization = ${quotePowerShell(`Bearer ${key}`)} }`;
    return `Invoke-RestMethod ${url} -Method Post -Headers ${headers} -ContentType "application/json" -Body ${quotePowerShell(body)}`;
  }
  return renderCommand(shell, ['curl', url, '-H', `authorization: Bearer ${key}`, '-H', 'content-type: application/json', '-d', body]);
}
