export type Shell = 'sh' | 'fish' | 'powershell';

export const shells: readonly { value: Shell; label: string }[] = [
  { value: 'sh', label: 'sh, bash, zsh' },
  { value: 'fish', label: 'fish' },
  { value: 'powershell', label: 'PowerShell' },
];

type Variables = Readonly<Record<string, string>>;

/** Variables for the rest of the session, a line each. */
export function renderEnv(shell: Shell, variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => renderVariable(shell, name, value))
    .join('\n');
}

function renderVariable(shell: Shell, name: string, value: string): string {
  if (shell === 'powershell') return `$env:${name} = ${quotePowerShell(value)}`;
  return shell === 'fish' ? `set -gx ${name} ${quote(shell, value)}` : `export ${name}=${quote(shell, value)}`;
}

export function renderCommand(shell: Shell, words: readonly string[]): string {
  return words.map((word) => quote(shell, word)).join(' ');
}

/** A command with variables of its own; PowerShell has none such and keeps them for the session. */
export function renderRun(shell: Shell, variables: Variables, words: readonly string[]): string {
  const command = renderCommand(shell, words);
  if (shell === 'powershell') return [...renderEnv(shell, variables).split('\n'), command].join('; ');
  return [...Object.entries(variables).map(([name, value]) => `${name}=${quote(shell, value)}`), command].join(' ');
}

/** Means the same to every shell without quotes; "·" stands in masked keys. */
const bare = /^[\w./:·-][\w./:=·-]*$/;

/** One word of a command. */
export function quote(shell: Shell, text: string): string {
  if (bare.test(text)) return text;
  if (shell === 'powershell') return quotePowerShell(text);
  // fish knows two escapes between single quotes, sh none.
  return shell === 'fish' ? `'${text.replace(/[\\']/g, '\\$&')}'` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** PowerShell takes typographic quotes for its own. */
export function quotePowerShell(text: string): string {
  return /["“”„$`]/.test(text) ? `'${text.replace(/['‘’‚‛]/g, '$&$&')}'` : `"${text}"`;
}
