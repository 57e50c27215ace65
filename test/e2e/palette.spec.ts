import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test as base } from './window-test.ts';

const test = base.extend({
  gateway: async ({ gateway }, use) => {
    const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'the heron stands in the reeds' }] };
    await gateway.post('/v1/chat/completions', body, { 'x-tags': 'feature:birds' });
    await use(gateway);
  },
});

test('Ctrl K leads to a page, a model, a tag, a setting and a call by its words', async ({ openWindow }) => {
  const { page } = await openWindow('/keys');
  const field = page.getByRole('combobox', { name: 'Search' });
  const go = async (words: string, option: RegExp): Promise<URL> => {
    await page.keyboard.press('Control+k');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.type(words);
    await page.getByRole('option', { name: option, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
    return new URL(page.url());
  };
  expect((await go('provid', /^Providers$/)).pathname).toBe('/providers');
  expect((await go('5.4-mini', /^gpt-5.4-mini$/)).search).toBe('?model=gpt-5.4-mini');
  expect((await go('birds', /^feature:birds$/)).search).toBe('?tag=feature%3Abirds');
  expect((await go('long is kept', /^How long it is kept$/)).hash).toBe('#retention');

  await page.keyboard.press('Control+k');
  await field.fill('heron reeds');
  // Its text is indexed when the gateway has nothing else to do.
  await page.getByRole('option', { name: /gpt-5.4-mini/ }).click();
  await page.getByText('the heron stands in the reeds').first().waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/calls\/call_/);
  const id = new URL(page.url()).pathname.slice('/calls/'.length);
  expect((await go(id, new RegExp(`Open ${id}`))).pathname).toBe(`/calls/${id}`);
});

test('the search is a dialog: Escape and a click beside it close it, the focus goes back, and axe finds nothing', async ({
  openWindow,
}) => {
  const { page } = await openWindow('/keys');
  const opener = page.getByRole('button', { name: 'Search' });
  const field = page.getByRole('combobox', { name: 'Search' });
  await opener.click();
  await field.fill('no such thing anywhere');
  await page.getByRole('option', { name: 'All calls with “no such thing anywhere”' }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  await opener.click();
  await field.waitFor();
  await page.mouse.click(5, 700);
  await field.waitFor({ state: 'detached' });
});
