import { type BrowserContext, expect } from '@playwright/test';

/** What went wrong in any page while a test ran: console and uncaught errors, breaches of the content security policy, dialogs, requests to anybody else. */
export interface Problems {
  /** Pages may ask this server. */
  trust(origin: string): void;
  /** These are part of the test: others still fail it, and so does one that never comes. */
  allow(...patterns: readonly RegExp[]): void;
  check(): void;
}

export async function watchProblems(context: BrowserContext): Promise<Problems> {
  const found: string[] = [];
  const allowed: RegExp[] = [];
  const trusted: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()}`);
  });
  context.on('weberror', (event) => void found.push(`page: ${event.error().message}`));
  context.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const url = request.url();
    if (!trusted.some((origin) => url.startsWith(`${origin}/`)) && !/^(?:data|blob):/.test(url)) found.push(`request: ${url}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return {
    trust: (origin) => void trusted.push(origin),
    allow: (...patterns) => void allowed.push(...patterns),
    check() {
      expect(found.filter((problem) => !allowed.some((pattern) => pattern.test(problem)))).toEqual([]);
      expect(allowed.filter((pattern) => !found.some((problem) => pattern.test(problem)))).toEqual([]);
    },
  };
}
