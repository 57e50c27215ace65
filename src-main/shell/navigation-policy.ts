/** Pages that the window may open in the system's browser: where vendors hand out keys and write down their interfaces. */
const externalHosts: ReadonlySet<string> = new Set([
  'platform.openai.com',
  'console.anthropic.com',
  'platform.claude.com',
  'docs.anthropic.com',
  'docs.claude.com',
  'code.claude.com',
  'aistudio.google.com',
  'ai.google.dev',
  'console.x.ai',
  'docs.x.ai',
  'openrouter.ai',
  'platform.deepseek.com',
  'api-docs.deepseek.com',
  'console.groq.com',
  'console.mistral.ai',
  'docs.mistral.ai',
  'ollama.com',
  'lmstudio.ai',
  'opencode.ai',
  'developers.openai.com',
  'github.com',
]);

/** The window shows the gateway's own page and nothing else. */
export function isOwnPage(url: string, gatewayUrl: string | null): boolean {
  const parsed = parseUrl(url);
  if (parsed === null || gatewayUrl === null) return false;
  // A blob: has the origin of the page that made it.
  return parsed.protocol === 'http:' && parsed.username === '' && parsed.password === '' && parsed.origin === new URL(gatewayUrl).origin;
}

/** The one decision on what is handed to the system: it starts whatever program a scheme belongs to. */
export function isAllowedExternal(url: unknown): url is string {
  if (typeof url !== 'string' || url.length > 2000) return false;
  const parsed = parseUrl(url);
  return (
    parsed !== null &&
    parsed.protocol === 'https:' &&
    parsed.port === '' &&
    parsed.username === '' &&
    parsed.password === '' &&
    externalHosts.has(parsed.hostname)
  );
}

/** Everything a page could ask of the system is refused, but writing to the clipboard after a click. */
export function isAllowedPermission(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** A message from the window counts only when the gateway's own page sent it, from the top frame. */
export function isTrustedSender(sender: { url: string; isTopFrame: boolean } | null, gatewayUrl: string | null): boolean {
  return sender?.isTopFrame === true && isOwnPage(sender.url, gatewayUrl);
}

function parseUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
