/** What a tool's setting is filled in with. */
export interface ToolValues {
  /** Where the gateway listens: "http://127.0.0.1:7979". */
  origin: string;
  /** The caller key. */
  key: string;
  /** A model that answers here: "anthropic/claude-sonnet-4-6". */
  model: string;
}

export interface ToolStep {
  /** "~/.codex/config.toml", "Shell". */
  where: string;
  /** Text to copy; null when it is done by hand. */
  render: ((values: ToolValues) => string) | null;
  /** What to do where there is nothing to copy, or beside it. */
  say?: string;
}

export interface Tool {
  id: string;
  name: string;
  kind: 'tool' | 'sdk';
  /** How its calls identify themselves; null when they do not. */
  client: RegExp | null;
  steps: readonly [ToolStep, ...ToolStep[]];
  /** The one thing that goes wrong. */
  quirk: string | null;
}

/** What stands for a key that has not been made yet. */
export const keyPlaceholder = 'YOUR_TOLLGATE_KEY';

/** Lines for a shell. */
export function renderEnv(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${value}`)
    .join('\n');
}

export function renderJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
