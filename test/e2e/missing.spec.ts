import { expect } from '@playwright/test';
import { test } from './window-test.ts';

test('a call whose texts were not kept says so in both places and leads to what is recorded', async ({ gateway, openWindow }) => {
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { recording: 'metadata' } });
  const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'not to be kept' }] };
  const { id } = await gateway.readCall(await gateway.post('/v1/chat/completions', body));
  const { page } = await openWindow(`/calls/${id}?tab=raw`);
  const lead = page.getByRole('link', { name: 'Choose what is recorded' });
  await lead.waitFor();
  await page.getByRole('tab', { name: /Conversation/ }).click();
  await lead.click();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  expect(new URL(page.url()).hash).toBe('#recording');
});

test('settings that cannot be read are said once, and are there after another try', async ({ openWindow, problems }) => {
  problems.allow(/500/);
  const { page, visit } = await openWindow('/keys');
  await page.route('**/admin/settings', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'The disk is away.' } } }),
  );
  await visit('/settings');
  await page.getByText('The settings cannot be read.').waitFor();
  expect(await page.getByText('The disk is away.').count()).toBe(1);
  await page.getByRole('heading', { name: 'Appearance' }).waitFor();
  await page.unroute('**/admin/settings');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'How long it is kept' }).waitFor();
});
