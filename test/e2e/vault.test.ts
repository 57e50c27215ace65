import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { spawnTestGateway } from '../support/test-gateway.ts';
import { openWindow } from './open-window.ts';

const passphrase = 'correct horse battery';

async function findFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

it('moves the keys under a passphrase in Settings, and asks for it after a restart', async () => {
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const dataDir = makeTemporaryFolder();
  const environment = { TOLLGATE_VAULT: '' };
  const first = await spawnTestGateway({ dataDir, environment });
  onTestFinished(() => first.close());
  // Not the ladder's choice, so that no keychain of this machine has a part in it.
  await first.admin('/admin/vault/move', { method: 'POST', body: { kind: 'file' } });
  const body = { id: 'kept', baseUrl: `${first.upstream.origin}/v1`, dialect: 'openai-chat', key: 'sk-kept-0123456789', skipTest: true };
  await first.admin('/admin/providers', { method: 'POST', body });

  const settings = await openWindow(browser.context, first, '/settings');
  const card = settings.page.locator('#vault');
  await card.getByText('Key file, not protected').waitFor();
  await card.getByRole('button', { name: 'Move…' }).click();
  const dialog = settings.page.getByRole('dialog', { name: 'Where to keep keys' });
  expect(await dialog.getByRole('button', { name: 'Move' }).isDisabled()).toBe(true);
  await dialog.getByRole('radio', { name: /sealed by a passphrase/ }).check();
  await dialog.getByLabel('New passphrase').fill(passphrase);
  await dialog.getByLabel('Once more').fill('correct house');
  await dialog.getByText('The two differ.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Move' }).isDisabled()).toBe(true);
  expect(await findFaults(settings.page)).toEqual([]);
  await dialog.getByLabel('Once more').fill(passphrase);
  await dialog.getByRole('button', { name: 'Move' }).click();
  await card.getByText('File sealed by your passphrase').waitFor();
  expect(settings.problems).toEqual([]);
  await settings.close();
  await first.stop();

  const second = await spawnTestGateway({ dataDir, environment });
  onTestFinished(() => second.close());
  const { page } = await openWindow(browser.context, second, '/providers');
  await page.getByText('The keys cannot be read').waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.getByLabel('Passphrase').fill('wrong horse');
  await page.getByRole('button', { name: 'Unlock the keys' }).click();
  await page.getByText('The passphrase is wrong').first().waitFor();
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Unlock the keys' }).click();
  await page.getByText('Keys are kept in: File sealed by your passphrase.').waitFor();
});
