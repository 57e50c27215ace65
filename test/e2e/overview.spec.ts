import { expect } from '@playwright/test';
import type { GatewayClient } from '../support/test-gateway-client.ts';
import { test } from './window-test.ts';

const messages = [{ role: 'user', content: 'Hello' }];
const ask = (gateway: GatewayClient, model: string, tags = 'team:web'): Promise<unknown> =>
  gateway.post('/v1/chat/completions', { model, messages }, { 'x-tags': tags });

test('a group called "other" is not the remainder: it has a colour of its own and can be chosen', async ({ gateway, openWindow }) => {
  for (let i = 0; i < 2; i++) await ask(gateway, 'gpt-5.4-mini', 'area:other');
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await ask(gateway, 'gpt-5.4-mini', `area:${name}`);
  const { page } = await openWindow('/?by=tag:area');
  const chart = page.getByRole('figure');
  // Until the groups are known, all of it stands undivided under the remainder's name.
  await chart.getByRole('button', { name: 'other', exact: true }).waitFor();
  await chart.getByRole('button', { name: 'all others', exact: true }).waitFor();
  await chart.getByRole('button', { name: 'other', exact: true }).click();
  await page.getByRole('button', { name: 'Remove filter area:other' }).waitFor();
});

test('a model has the same colour in the chart and in the table, and keeps it when others are dearer', async ({ gateway, openWindow }) => {
  for (let i = 0; i < 40; i++) await ask(gateway, 'gpt-5.4-mini');
  await ask(gateway, 'claude-sonnet-5');
  const { page, visit } = await openWindow('/');
  const chart = page.getByRole('figure');
  const colourOf = (name: string): Promise<string> =>
    chart
      .getByRole('button', { name, exact: true })
      .locator('span')
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const before = await colourOf('gpt-5.4-mini');
  const mark = page.getByRole('row', { name: /gpt-5\.4-mini/ }).locator('[data-mark]');
  expect(await mark.last().evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(before);
  for (let i = 0; i < 60; i++) await ask(gateway, 'claude-sonnet-5');
  await visit('/?range=7d');
  await chart.getByRole('button', { name: 'claude-sonnet-5' }).waitFor();
  expect(await chart.getByRole('button').first().innerText()).toBe('claude-sonnet-5');
  expect(await colourOf('gpt-5.4-mini')).toBe(before);
});

test('the chart is drawn again only when its numbers changed', async ({ gateway, openWindow }) => {
  await ask(gateway, 'gpt-5.4-mini');
  const { page, visit } = await openWindow('/calls');
  await page.addInitScript(() => {
    const getContext = HTMLCanvasElement.prototype.getContext;
    Object.assign(globalThis, { drawn: 0 });
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
      Object.assign(globalThis, { drawn: Number(Reflect.get(globalThis, 'drawn')) + 1 });
      return Reflect.apply(getContext, this, args);
    } as typeof getContext;
  });
  await visit('/');
  await page.getByRole('figure').getByRole('button', { name: 'gpt-5.4-mini' }).waitFor();
  const drawn = (): Promise<number> => page.evaluate<number>('globalThis.drawn');
  const before = await drawn();
  // A demo call changes no sum; the page hears of it and asks again.
  const asked = page.waitForResponse((reply) => reply.url().includes('/admin/spend'));
  await gateway.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: 'x' }] });
  await asked;
  await page.getByText('demo/echo').or(page.getByText('echo')).first().waitFor();
  expect(await drawn()).toBe(before);
  const redrawn = page.waitForFunction((count) => Number(Reflect.get(globalThis, 'drawn')) > count, before);
  await ask(gateway, 'gpt-5.4-mini');
  await redrawn;
});

test('a range in the address that is none is said, and what is shown instead', async ({ gateway, openWindow }) => {
  await ask(gateway, 'gpt-5.4-mini');
  const { page } = await openWindow('/?range=custom&first=2026-02-30&last=2026-03-04');
  await page.getByText('The range in the address cannot be read.').waitFor();
  await page.getByText('The last 30 days are shown.').waitFor();
});

test('a range in which nothing has a price says so in the place of an empty chart', async ({ gateway, openWindow }) => {
  await ask(gateway, 'local/llama-of-mine', 'area:unpriced');
  const { page } = await openWindow('/?tag=area:unpriced');
  await page.getByText('None of these calls has a price').waitFor();
  expect(await page.getByRole('figure').count()).toBe(0);
});

test('a running call shows while it runs, and a burst of calls asks the gateway for few lists', async ({ gateway, openWindow }) => {
  await ask(gateway, 'gpt-5.4-mini');
  const { page } = await openWindow('/');
  const live = page.getByRole('region', { name: 'Latest calls' });
  await live.getByRole('listitem').first().waitFor();
  gateway.upstream.enqueue({ silent: 'hang' });
  const hangUp = new AbortController();
  const hanging = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5.5-slow', messages }),
    signal: hangUp.signal,
  }).catch(() => null);
  await live.getByRole('listitem').filter({ hasText: 'gpt-5.5-slow' }).filter({ hasText: 'running' }).waitFor();
  hangUp.abort();
  await hanging;
  await live.getByRole('listitem').filter({ hasText: 'gpt-5.5-slow' }).filter({ hasText: 'client_closed' }).waitFor();
  let lists = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/admin/calls') lists++;
  });
  for (let i = 0; i < 20; i++) await ask(gateway, 'gpt-5.4-mini');
  await ask(gateway, 'gpt-5.4-last');
  await live.getByRole('listitem').filter({ hasText: 'gpt-5.4-last' }).first().waitFor();
  expect(lists).toBeGreaterThan(0);
  expect(lists).toBeLessThan(6);
});

test('a model without a price is in the inbox until it has one, and its next call is spend', async ({ gateway, openWindow }) => {
  await ask(gateway, 'local/llama-of-mine', 'area:inbox');
  const { page } = await openWindow('/?tag=area:inbox');
  const inbox = page.locator('#unpriced');
  await inbox.getByText('local/llama-of-mine').waitFor();
  await inbox.getByText('calls made before it stay unpriced').waitFor();
  await inbox.getByRole('button', { name: 'Set a price' }).click();
  expect(await inbox.getByRole('textbox', { name: 'Model' }).inputValue()).toBe('local/llama-of-mine');
  await page.keyboard.type('2');
  await inbox.getByRole('textbox', { name: 'Output' }).fill('10');
  await inbox.getByRole('button', { name: 'Save the price' }).click();
  await inbox.waitFor({ state: 'detached' });
  await page.getByText('stay as they are').waitFor();
  await ask(gateway, 'local/llama-of-mine', 'area:inbox');
  await page.getByRole('figure').getByRole('button', { name: 'llama-of-mine' }).waitFor();
});

test('says what the cache saved, exactly, and how long calls took', async ({ gateway, openWindow }) => {
  for (let i = 0; i < 2; i++) await ask(gateway, 'gpt-5.4-mini', 'area:saving');
  const { page } = await openWindow('/?tag=area:saving');
  // Two calls with 40 cached tokens, each 0.75 − 0.075 micro-dollars less: 54 micro-dollars.
  const saved = page.getByRole('definition').filter({ hasText: 'saved' }).locator('[title*="$"]');
  expect(await saved.getAttribute('title')).toContain('$0.000054');
  await page.getByText(/95 % within \d+ ms/).waitFor();
  const report = await gateway.admin<{ totals: { savedNanoUsd: number } }>('/admin/cache-savings?tag=area:saving');
  expect(report.totals.savedNanoUsd).toBe(54_000);
  await page
    .getByRole('link', { name: /gpt-5\.4-mini/ })
    .first()
    .click();
  await page.getByRole('tab', { name: /Cost/ }).click();
  await page.getByText('Without a cache it would have cost $0.000165').waitFor();
  await page.getByText('the cache saved $0.000027').waitFor();
});

test('an error leads to exactly its calls', async ({ gateway, openWindow }) => {
  await ask(gateway, 'no-such-model', 'area:errors');
  gateway.upstream.enqueue({ status: 401, body: { error: { message: 'no', type: 'invalid_request_error' } } });
  await ask(gateway, 'gpt-5.4-mini', 'area:errors');
  const { page } = await openWindow('/?tag=area:errors');
  await page.getByRole('heading', { name: 'Errors' }).waitFor();
  await page.getByRole('link', { name: 'model not found' }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  const rows = page.getByRole('grid').getByRole('row').filter({ hasText: 'no-such-model' });
  await rows.first().waitFor();
  expect(await page.getByRole('grid').getByRole('row').filter({ hasText: 'gpt-5.4-mini' }).count()).toBe(0);
  await page.getByRole('button', { name: /error model_not_found/ }).click();
  await page.getByRole('button', { name: /HTTP 404/ }).click();
});

test('the table is put in order by its heads, with the keyboard, and the order stands in the address', async ({ gateway, openWindow }) => {
  await ask(gateway, 'gpt-5.4-mini');
  const { page } = await openWindow('/');
  const head = page.getByRole('columnheader', { name: 'calls' }).first();
  await head.waitFor();
  expect(await page.locator('th[aria-sort]').allInnerTexts()).toEqual(['spend ↓']);
  await head.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort=descending]').filter({ hasText: 'calls' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort=ascending]').filter({ hasText: 'calls' }).waitFor();
  expect(new URL(page.url()).searchParams.get('sort')).toBe('calls-up');
  await page.goBack();
  await page.locator('th[aria-sort=descending]').filter({ hasText: 'calls' }).waitFor();
});

test('a tag is picked by key and value, and taken off again', async ({ gateway, openWindow }) => {
  await ask(gateway, 'gpt-5.4-mini', 'team:picked');
  const { page } = await openWindow('/');
  await page.getByRole('combobox', { name: 'Filter by a tag' }).selectOption('team');
  await page.getByRole('combobox', { name: 'Value of team' }).selectOption('team:picked');
  await page.getByRole('button', { name: 'Remove filter team:picked' }).waitFor();
  expect(new URL(page.url()).searchParams.getAll('tag')).toEqual(['team:picked']);
  await page.getByRole('button', { name: 'Remove filter team:picked' }).click();
  expect(new URL(page.url()).searchParams.getAll('tag')).toEqual([]);
});
