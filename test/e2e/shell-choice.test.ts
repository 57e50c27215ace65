import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, type TestBrowser } from '../support/chromium.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';
import { openWindow } from './open-window.ts';

let browser: TestBrowser;
let gateway: SpawnedGateway;
beforeAll(async () => {
  [browser, gateway] = await Promise.all([openChromium(), spawnTestGateway()]);
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

/** Copies the text of that name; gives what is on the clipboard. */
async function copy(page: Page, name: string): Promise<string> {
  const button = page.getByRole('button', { name: `Copy ${name}`, exact: true });
  await button.click();
  await button.locator('xpath=following-sibling::*[@role="status"][text()="Copied"]').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

it('the shell chosen on Connect is the one copied for, there and on Start, and is remembered', async () => {
  const { page, problems, close, visit } = await openWindow(browser.context, gateway, '/connect');
  const choose = (shell: string): Promise<void> => page.getByRole('radio', { name: shell, exact: true }).check({ force: true });

  await choose('sh, bash, zsh');
  expect(await copy(page, 'Anthropic SDK, Shell')).toBe(
    `export ANTHROPIC_BASE_URL=${gateway.url}\nexport ANTHROPIC_API_KEY=YOUR_TOLLGATE_KEY`,
  );
  await choose('fish');
  expect(await copy(page, 'OpenAI SDK, Shell')).toBe(`set -gx OPENAI_BASE_URL ${gateway.url}/v1\nset -gx OPENAI_API_KEY YOUR_TOLLGATE_KEY`);
  await choose('PowerShell');
  expect(await copy(page, 'Google GenAI SDK, Shell')).toBe(
    `$env:GOOGLE_GEMINI_BASE_URL = "${gateway.url}"\n$env:GEMINI_API_KEY = "YOUR_TOLLGATE_KEY"`,
  );

  await visit('/start?tool=claude-code');
  expect(await page.getByRole('radio', { name: 'PowerShell', exact: true }).isChecked()).toBe(true);
  expect(await copy(page, 'Claude Code, Shell')).toContain(`$env:ANTHROPIC_BASE_URL = "${gateway.url}"; `);
  await visit('/start?tool=opencode');
  expect(await page.getByRole('group', { name: 'Shell', exact: true }).count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});
