import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { spawnTestGateway } from '../support/test-gateway.ts';
import { test } from './window-test.ts';

// Its vault is chosen as a user's is.
const environment = { TOLLGATE_VAULT: '' };
test.use({ gatewayOptions: { environment } });

const passphrase = 'correct horse battery';

async function findFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

test('moves the keys under a passphrase in Settings, and asks for it after a restart', async ({ gateway, openWindow, problems }) => {
  // What a wrong passphrase gets.
  problems.allow(/503/);
  // Not the ladder's choice, so that no keychain of this machine has a part in it.
  await gateway.admin('/admin/vault/move', { method: 'POST', body: { kind: 'file' } });
  const body = { id: 'kept', baseUrl: `${gateway.upstream.origin}/v1`, dialect: 'openai-chat', key: 'sk-kept-0123456789', skipTest: true };
  await gateway.admin('/admin/providers', { method: 'POST', body });

  const settings = await openWindow('/settings');
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
  await settings.page.close();
  await gateway.stop();

  const second = await spawnTestGateway({ dataDir: gateway.dataDir, upstream: gateway.upstream, environment });
  const { page } = await openWindow('/providers', second);
  await page.getByText('The keys cannot be read').waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.getByLabel('Passphrase').fill('wrong horse');
  await page.getByRole('button', { name: 'Unlock the keys' }).click();
  await page.getByText('The passphrase is wrong').first().waitFor();
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Unlock the keys' }).click();
  await page.getByText('Keys are kept in: File sealed by your passphrase.').waitFor();
  // Open, it would say that its stream of events broke off.
  await page.close();
  await second.close();
});
