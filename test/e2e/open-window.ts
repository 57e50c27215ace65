import type { BrowserContext, Page } from 'playwright-core';
import type { GatewayClient } from '../support/test-gateway-client.ts';

/** The window as a user has it: signed in, on one of its pages. */
export interface TestWindow {
  page: Page;
  /** Console errors, uncaught errors, breaches of the content security policy, requests to anybody else. */
  problems: string[];
  /** Goes to a page of the window by its address. */
  visit(path: string): Promise<void>;
  close(): Promise<void>;
}

/** @param path of the first page */
export async function openWindow(context: BrowserContext, gateway: GatewayClient, path = '/'): Promise<TestWindow> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(gateway.url) && !/^(?:data|blob):/.test(url)) problems.push(`request: ${url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const { code } = await gateway.admin<{ code: string }>('/admin/ui-code', { method: 'POST' });
  await page.goto(`${gateway.url}/#code=${code}`);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  const visit = async (next: string): Promise<void> => {
    await page.goto(gateway.url + next);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  if (path !== '/') await visit(path);
  return { page, problems, visit, close: () => page.close() };
}
