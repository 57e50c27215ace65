import { expect, type Page } from '@playwright/test';
import { test } from './window-test.ts';

/** Copies the text of that name; gives what is on the clipboard. */
async function copy(page: Page, name: string): Promise<string> {
  const button = page.getByRole('button', { name: `Copy ${name}`, exact: true });
  await button.click();
  await button.locator('xpath=following-sibling::*[@role="status"][text()="Copied"]').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

test('the shell chosen on Connect is the one copied for, there and on Start, and is remembered', async ({
  context,
  gateway,
  openWindow,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { page, visit } = await openWindow('/connect');
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
});
