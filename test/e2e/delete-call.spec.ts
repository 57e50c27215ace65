import { expect } from '@playwright/test';
import { test } from './window-test.ts';

test('a call is deleted only after a question, and Escape closes the question, not the call', async ({ gateway, openWindow }) => {
  const messages = [{ role: 'user', content: 'A call to delete' }];
  const { id } = await gateway.readCall(await gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages }));
  const { page } = await openWindow(`/calls/${id}`);
  const ask = page.getByRole('button', { name: 'Delete the call…' });
  const question = page.getByRole('dialog', { name: 'Delete this call?' });

  await ask.click();
  await question.waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await page.getByText('A call to delete').first().waitFor();
  expect(await ask.evaluate((button) => button === document.activeElement)).toBe(true);

  await ask.click();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No calls yet').waitFor();
  expect((await gateway.admin<{ items: unknown[] }>('/admin/calls')).items).toEqual([]);
});
