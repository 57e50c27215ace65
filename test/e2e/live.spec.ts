import { expect } from '@playwright/test';
import { openTestGateway } from '../support/test-gateway.ts';
import type { GatewayClient } from '../support/test-gateway-client.ts';
import { test } from './window-test.ts';

const call = (gateway: GatewayClient, content: string): Promise<unknown> =>
  gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages: [{ role: 'user', content }] });

test('a fresh profile leads to Start; once a call was made, Overview shows it without a reload, and Calls the next within a second', async ({
  gateway,
  openWindow,
}) => {
  const { page } = await openWindow();
  await page.getByRole('button', { name: 'Set up the first one' }).click();
  await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Set up the first one' }).waitFor();
  await call(gateway, 'first');
  await page.getByRole('heading', { name: 'Latest calls' }).waitFor({ timeout: 4_000 });
  await page.getByRole('link', { name: 'Calls' }).click();
  await page.getByText('gpt-5.4-mini').filter({ visible: true }).first().waitFor();
  const sentAt = performance.now();
  await gateway.post('/v1/chat/completions', { model: 'gpt-5.5-nano', messages: [{ role: 'user', content: 'second' }] });
  await page.getByText('gpt-5.5-nano').filter({ visible: true }).first().waitFor({ timeout: 2_000 });
  const shownMs = performance.now() - sentAt;
  console.log(`a call shows in the list after ${shownMs.toFixed(0)} ms`);
  expect(shownMs).toBeLessThan(1_000);
});

test('a page without a session says how to get one; a link works once', async ({ context, gateway, problems }) => {
  problems.allow(/401/);
  const { code } = await gateway.admin<{ code: string }>('/admin/ui-code', { method: 'POST' });
  const first = await context.newPage();
  await first.goto(`${gateway.url}/#code=${code}`);
  await first.getByRole('navigation', { name: 'Pages' }).waitFor();
  expect(first.url()).not.toContain(code);
  await first.close();
  const second = await context.newPage();
  await second.goto(`${gateway.url}/#code=${code}`);
  await second.getByText('This page needs a fresh link').waitFor();
  await second.close();
});

test('first run: a new user reaches the first answered call without reading anything', async ({ openWindow }) => {
  const { page } = await openWindow('/start');
  const startedAt = performance.now();
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByRole('button', { name: 'Copy the key' }).waitFor();
  await page.getByRole('button', { name: 'Send a test request' }).click();
  await page.getByText('It works.').waitFor();
  console.log(`first run to first call: ${((performance.now() - startedAt) / 1000).toFixed(1)} s, 2 clicks`);
  expect(performance.now() - startedAt).toBeLessThan(120_000);
});

test('spend that cannot be told apart stands undivided and says so; none of it turns into $0', async ({
  gateway,
  openWindow,
  problems,
}) => {
  problems.allow(/500/);
  await call(gateway, 'for the chart');
  const { page, visit } = await openWindow('/calls');
  const parts = (url: URL): boolean => url.pathname === '/admin/spend' && url.searchParams.has('model');
  await page.route(parts, (route) => route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'The ledger is away.' } } }));
  await visit('/');
  await page.getByText('The ledger is away.').waitFor();
  const chart = page.getByRole('figure');
  expect(await chart.getByRole('button').allInnerTexts()).toEqual(['all others']);
  expect(await chart.getByRole('rowheader').allInnerTexts()).toEqual(['all others']);
  await page.unroute(parts);
  await page.getByRole('button', { name: 'Try again' }).click();
  await chart.getByRole('button', { name: 'gpt-5.4-mini' }).waitFor();
  await page.getByText('Not all of it could be read').waitFor({ state: 'detached' });
});

test('a gateway that goes away and comes back is said, and the page goes on', async ({ gateway, openWindow, problems }) => {
  problems.allow(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING/, /401/);
  const { page } = await openWindow('/calls');
  const port = Number(new URL(gateway.url).port);
  await gateway.stop('SIGKILL');
  await page.getByText('The gateway does not answer.').waitFor();
  const again = await openTestGateway({ dataDir: gateway.dataDir, upstream: gateway.upstream, port });
  // A browser's session ends with the process that gave it; the page says so instead of failing.
  await page.getByText('This page needs a fresh link').waitFor({ timeout: 15_000 });
  await again.close();
});
