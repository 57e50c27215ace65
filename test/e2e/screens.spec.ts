import { join } from 'node:path';
import type { SpawnedGateway } from '../support/test-gateway.ts';
import { test as busyTest } from './busy-test.ts';
import { holdCachedConversation } from './cached-conversation.ts';
import { type TestWindow, test } from './window-test.ts';

/** Written only when asked for: TOLLGATE_SCREENS=1 npm run test:e2e -- screens */
const isWanted = process.env['TOLLGATE_SCREENS'] === '1';
const folder = join(import.meta.dirname, 'screens');

const pages = [
  ['overview', '/?range=30d'],
  ['calls', '/calls'],
  ['start', '/start'],
  ['connect', '/connect'],
  ['providers', '/providers'],
  ['keys', '/keys'],
  ['settings', '/settings'],
] as const;
const large = { width: 1280, height: 800 };
const small = { width: 960, height: 640 };
const schemes = ['light', 'dark'] as const;

test.skip(!isWanted, 'Pictures are taken with TOLLGATE_SCREENS=1');
test.use({ viewport: large });
busyTest.skip(!isWanted, 'Pictures are taken with TOLLGATE_SCREENS=1');
busyTest.use({ viewport: large });

async function photograph({ page }: Pick<TestWindow, 'page'>, name: string): Promise<void> {
  // Charts and lists are drawn a moment after their data is there.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function inBothSchemes(window: Pick<TestWindow, 'page'>, name: string): Promise<void> {
  for (const colorScheme of schemes) {
    await window.page.emulateMedia({ colorScheme });
    await photograph(window, `${name}-${colorScheme}`);
  }
}

async function makeCalls(gateway: SpawnedGateway): Promise<string> {
  const headers = { 'x-tags': 'team:ml-ops, feature:code-review', 'user-agent': 'claude-cli/2.1.330 (external)' };
  const system = 'You are a careful engineer.';
  const reply = await gateway.post(
    '/v1/messages',
    { model: 'claude-sonnet-5', max_tokens: 900, system, messages: [{ role: 'user', content: 'Fix the failing test in parser.ts' }] },
    { ...headers, 'anthropic-version': '2023-06-01' },
  );
  await gateway.post('/v1/chat/completions', { model: 'no-such-model', messages: [{ role: 'user', content: 'x' }] });
  return (await gateway.readCall(reply)).id;
}

busyTest('photographs every page with 100,000 calls, light and dark, large and small', async ({ gateway, openWindow }) => {
  busyTest.setTimeout(180_000);
  const id = await makeCalls(gateway);
  // The seed's models are in no price book; one provider's stay without a price.
  const items = ['anthropic', 'openai', 'gemini', 'ollama'].map((provider) => ({
    match: `${provider}/${provider}-model-*`,
    input: 3,
    output: 15,
  }));
  await gateway.admin('/admin/price-overrides', { method: 'PUT', body: { items } });
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { dailyBudgetNanoUsd: 40_000_000_000 } });
  const window = await openWindow();
  for (const [colorScheme, size, suffix] of [
    ['light', large, 'light'],
    ['dark', large, 'dark'],
    ['light', small, 'light-small'],
  ] as const) {
    await window.page.emulateMedia({ colorScheme });
    await window.page.setViewportSize(size);
    for (const [name, path] of [...pages, ['call', `/calls/${id}`] as const]) {
      await window.visit(path);
      await photograph(window, `busy-${name}-${suffix}`);
    }
  }
  await window.page.emulateMedia({ colorScheme: 'light' });
  await window.page.setViewportSize(large);
  await window.visit(`/calls/${id}?tab=cost`);
  await photograph(window, 'busy-call-cost-light');
});

test('photographs every page when the gateway cannot answer its questions', async ({ gateway, openWindow, problems }) => {
  test.setTimeout(120_000);
  problems.allow(/500/);
  const id = await makeCalls(gateway);
  const window = await openWindow();
  await window.page.route(/\/admin\/(?!events)/, (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'The database is locked by another program.' } } }),
  );
  for (const [name, path] of [...pages, ['call', `/calls/${id}`] as const]) {
    await window.page.goto(gateway.url + path);
    await inBothSchemes(window, `error-${name}`);
  }
});

test('photographs an empty profile', async ({ openWindow }) => {
  const window = await openWindow('/calls');
  await window.page.getByRole('link', { name: 'Overview' }).click();
  await photograph(window, 'empty-overview-light');
  for (const [name, path] of pages.slice(1, 3)) {
    await window.visit(path);
    await photograph(window, `empty-${name}-light`);
  }
});

test('photographs a gateway that is away', async ({ gateway, openWindow, problems }) => {
  problems.allow(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING/);
  await makeCalls(gateway);
  const window = await openWindow('/calls?status=error');
  await gateway.stop('SIGKILL');
  await window.page.getByText('The gateway does not answer.').waitFor();
  await inBothSchemes(window, 'offline-calls');
});

test('photographs a page without a session', async ({ context, gateway }) => {
  const page = await context.newPage();
  await page.goto(gateway.url);
  await page.getByText('This page needs a fresh link').waitFor();
  await inBothSchemes({ page }, 'signed-out');
});

test('photographs a call whose bodies were not kept', async ({ gateway, openWindow }) => {
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { recording: 'metadata' } });
  const id = await makeCalls(gateway);
  const window = await openWindow(`/calls/${id}`);
  await window.page.getByText('was not recorded').waitFor();
  await inBothSchemes(window, 'unrecorded-call');
  await window.page.getByRole('tab', { name: /Raw/ }).click();
  await inBothSchemes(window, 'unrecorded-call-raw');
});

test('photographs a provider whose test fails', async ({ gateway, openWindow }) => {
  gateway.upstream.answerAll({ status: 401, body: { error: { message: 'Incorrect API key provided.', type: 'invalid_request_error' } } });
  const window = await openWindow('/providers');
  await window.page.getByRole('button', { name: 'Test now' }).nth(1).click();
  await window.page.getByText('The test failed').waitFor();
  await inBothSchemes(window, 'failed-provider');
});

test('photographs a conversation whose cached prefix broke', async ({ gateway, openWindow }) => {
  const { broken } = await holdCachedConversation(gateway);
  const window = await openWindow(`/calls/${broken}`);
  await window.page.getByText('one of them changed').click();
  await inBothSchemes(window, 'broken-cache');
});
