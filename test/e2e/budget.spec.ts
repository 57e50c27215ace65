import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './window-test.ts';

test('a daily budget is set in Settings and stands in the side bar, until it is taken away', async ({ gateway, openWindow }) => {
  const spent = async (): Promise<number> => (await gateway.admin<{ today: { costNanoUsd: number } }>('/admin/status')).today.costNanoUsd;
  await gateway.readCall(
    await gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  );
  await expect.poll(spent).toBeGreaterThan(0);
  const cost = await spent();

  const { page } = await openWindow('/settings');
  const field = page.getByLabel('Dollars a day');
  const card = page.locator('#budget');
  const save = card.getByRole('button', { name: 'Save' });
  const bar = page.getByRole('progressbar', { name: 'Spent of today’s budget' });
  await expect(bar).toHaveCount(0);
  await field.fill('ten');
  await expect(card.getByText('An amount in dollars')).toBeVisible();
  await expect(save).toBeDisabled();

  // Twice what was spent: exactly half.
  await field.fill(((cost * 2) / 1e9).toFixed(9));
  await save.click();
  await expect(card.getByText('Saved')).toBeVisible();
  await expect(bar).toHaveAttribute('value', String(cost));
  await expect(page.getByText('50 % of')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);

  // From elsewhere, and spent three times over.
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { dailyBudgetNanoUsd: Math.floor(cost / 3) } });
  await expect(page.getByText('% of <$0.0001').or(page.getByText(/30\d % of/))).toBeVisible();
  await expect(bar).toHaveAttribute('data-over', 'true');

  await field.fill('');
  await save.click();
  await expect(bar).toHaveCount(0);
});

test('of a day with calls that have no price no more is said than is known', async ({ gateway, openWindow }) => {
  const ask = async (model: string): Promise<void> => {
    await gateway.readCall(await gateway.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello' }] }));
  };
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { dailyBudgetNanoUsd: 10_000_000_000 } });
  await ask('openai/a-model-without-a-price');
  const { page } = await openWindow();
  await expect(page.getByText('unknown part of $10.00')).toBeVisible();
  const bar = page.getByRole('progressbar', { name: 'Spent of today’s budget' });
  await expect(bar).toHaveCount(0);
  await ask('gpt-5.4-mini');
  await expect(page.getByText('≥ 0 % of $10.00')).toBeVisible();
  await expect(bar).toHaveCount(1);
});
