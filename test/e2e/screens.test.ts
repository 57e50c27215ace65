import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { seedLedger } from '../support/seed-ledger.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { openWindow, type TestWindow } from './open-window.ts';

/** Written only when asked for: TOLLGATE_SCREENS=1 vitest run test/e2e/screens.test.ts */
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

async function photograph({ page }: TestWindow, name: string): Promise<void> {
  // Charts and lists are drawn a moment after their data is there.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function withWindow(gateway: TestGateway, act: (window: TestWindow) => Promise<void>): Promise<void> {
  const browser = await openChromium();
  const window = await openWindow(browser.context, gateway);
  await act(window);
  await browser.close();
}

async function makeCalls(gateway: TestGateway): Promise<string> {
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

describe.runIf(isWanted)('photographs', () => {
  it('every page with 100,000 calls, light and dark, large and small', { timeout: 180_000 }, async () => {
    mkdirSync(folder, { recursive: true });
    const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-screens-'));
    seedLedger(join(dataDir, 'traces.db'), { calls: 100_000, days: 30, seed: 7, endMs: Date.now() - 60_000 });
    const gateway = await openTestGateway({ dataDir, withWindow: true });
    const id = await makeCalls(gateway);
    // The seed's models are in no price book; one provider's stay without a price.
    const items = ['anthropic', 'openai', 'gemini', 'ollama'].map((provider) => ({
      match: `${provider}/${provider}-model-*`,
      input: 3,
      output: 15,
    }));
    await gateway.admin('/admin/price-overrides', { method: 'PUT', body: { items } });
    await withWindow(gateway, async (window) => {
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
    await gateway.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('every page when the gateway cannot answer its questions, light and dark', { timeout: 120_000 }, async () => {
    mkdirSync(folder, { recursive: true });
    const gateway = await openTestGateway({ withWindow: true });
    const id = await makeCalls(gateway);
    await withWindow(gateway, async (window) => {
      await window.page.setViewportSize(large);
      await window.page.route(/\/admin\/(?!events)/, (route) =>
        route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'The database is locked by another program.' } } }),
      );
      for (const colorScheme of ['light', 'dark'] as const) {
        await window.page.emulateMedia({ colorScheme });
        for (const [name, path] of [...pages, ['call', `/calls/${id}`] as const]) {
          await window.page.goto(gateway.url + path);
          await photograph(window, `error-${name}-${colorScheme}`);
        }
      }
    });
    await gateway.close();
  });

  it('an empty profile, a gateway that is away, a page without a session', { timeout: 60_000 }, async () => {
    mkdirSync(folder, { recursive: true });
    const gateway = await openTestGateway({ withWindow: true });
    await withWindow(gateway, async (window) => {
      await window.page.setViewportSize(large);
      for (const [name, path] of pages.slice(0, 3)) {
        await window.visit(path === '/?range=30d' ? '/calls' : path);
        if (name === 'overview') await window.page.getByRole('link', { name: 'Overview' }).click();
        await photograph(window, `empty-${name}-light`);
      }
      await window.visit('/calls?status=error');
      await gateway.close();
      await window.page.getByText('The gateway does not answer.').waitFor();
      await photograph(window, 'offline-calls-light');
    });
    const other = await openTestGateway({ withWindow: true });
    const browser = await openChromium();
    const page = await browser.context.newPage();
    await page.goto(other.url);
    await page.getByText('This page needs a fresh link').waitFor();
    await page.screenshot({ path: join(folder, 'signed-out-light.png') });
    await browser.close();
    await other.close();
  });
});
