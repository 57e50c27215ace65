import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test as base } from './window-test.ts';

const pages = [
  ['/', 'Overview'],
  ['/calls', 'Calls'],
  ['/connect', 'Connect'],
  ['/providers', 'Providers'],
  ['/keys', 'Keys'],
  ['/settings', 'Settings'],
] as const;

const test = base.extend({
  gateway: async ({ gateway }, use) => {
    const messages = [{ role: 'user', content: 'Hello' }];
    await gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages }, { 'x-tags': 'team:web' });
    await gateway.post('/v1/messages', { model: 'claude-sonnet-5', max_tokens: 9, messages }, { 'anthropic-version': '2023-06-01' });
    await gateway.post('/v1/chat/completions', { model: 'no-such-model', messages });
    await use(gateway);
  },
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [path, name] of [...pages, ['/start', 'Start'] as const]) {
    test(`in ${colorScheme} ${path} has one heading, no serious fault of accessibility, no error`, async ({ openWindow }) => {
      const { page, visit } = await openWindow();
      await page.emulateMedia({ colorScheme });
      await visit(path);
      expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual([name]);
      await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    });
  }
}

test('a call has its own address, and its tabs have no serious fault of accessibility', async ({ gateway, openWindow }) => {
  const reply = await gateway.post('/v1/chat/completions', {
    model: 'gpt-5.4-mini',
    messages: [{ role: 'user', content: 'A call to look at' }],
  });
  const { id } = await gateway.readCall(reply);
  const { page } = await openWindow(`/calls/${id}`);
  await page.getByText('A call to look at').first().waitFor();
  for (const name of [/Conversation/, /Cost/, /Attempts/, /Raw/, /Losses/]) {
    await page.getByRole('tab', { name }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id: rule }) => `${name}: ${rule}`),
    ).toEqual([]);
  }
});

test('every page is reached by "g" and its letter, and by Tab and Enter', async ({ openWindow }) => {
  const { page } = await openWindow();
  for (const [index, [, name]] of pages.entries()) {
    await page.keyboard.press('g');
    await page.keyboard.press('octpks'.charAt(index));
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
  await page.getByRole('link', { name: 'Overview' }).focus();
  for (const [, name] of pages.slice(1)) {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
});
