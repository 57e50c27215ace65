import type { Shell } from './shell.ts';

/** What a tool's setting is filled in with. */
export interface ToolValues {
  /** Where the gateway listens: "http://127.0.0.1:7979". */
  origin: string;
  /** The caller key. */
  key: string;
  /** A model that answers here: "anthropic/claude-sonnet-4-6". */
  model: string;
  /** For lines that go into one. */
  shell: Shell;
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

export function renderJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Whether the texts differ from shell to shell. */
export function dependsOnShell(steps: readonly ToolStep[], values: ToolValues): boolean {
  return steps.some(({ render }) => render?.({ ...values, shell: 'sh' }) !== render?.({ ...values, shell: 'powershell' }));
}
