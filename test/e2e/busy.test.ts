import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, type TestBrowser } from '../support/chromium.ts';
import { seedLedger } from '../support/seed-ledger.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';
import { openWindow } from './open-window.ts';

let dataDir: string;
let browser: TestBrowser;
let gateway: SpawnedGateway;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tollgate-busy-'));
  seedLedger(join(dataDir, 'traces.db'), { calls: 100_000, days: 30, seed: 7, endMs: Date.now() - 60_000 });
  [browser, gateway] = await Promise.all([openChromium(), spawnTestGateway({ dataDir })]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Milliseconds between two frames while `act` runs, the longest last. */
const measureFrames = `(() => { const gaps = []; let last = performance.now(); let on = true; const tick = (now) => { gaps.push(now - last); last = now; if (on) requestAnimationFrame(tick); }; requestAnimationFrame(tick); globalThis.__frames = () => { on = false; return gaps.slice(2).sort((a, b) => a - b); }; })()`;

it('the overview of 100,000 calls paints soon', async () => {
  const { page, problems, close, visit } = await openWindow(browser.context, gateway, '/calls');
  await visit('/');
  await page.getByRole('heading', { name: 'Latest calls' }).waitFor();
  const [paintMs = Number.NaN, dataMs] = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    performance.now(),
  ]);
  console.log(`first paint after ${paintMs.toFixed(0)} ms, with its numbers after ${(dataMs ?? Number.NaN).toFixed(0)} ms`);
  // Under a second is what is wanted; the bound leaves a shared machine its margin.
  expect(paintMs).toBeLessThan(3_000);
  expect(problems).toEqual([]);
  await close();
}, 60_000);

it('the list of 100,000 calls scrolls without a long frame', async () => {
  const { page, problems, close } = await openWindow(browser.context, gateway, '/calls');
  await page
    .getByText(/model-/)
    .filter({ visible: true })
    .first()
    .waitFor();
  await page.mouse.move(500, 400);
  await page.evaluate(measureFrames);
  for (let step = 0; step < 60; step++) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(40);
  }
  const frames = await page.evaluate<number[]>('globalThis.__frames()');
  const at = (share: number): number => frames[Math.floor((frames.length - 1) * share)] ?? Number.NaN;
  console.log(`scrolling: ${frames.length} frames, p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)}, longest ${at(1).toFixed(1)} ms`);
  expect(frames.length).toBeGreaterThan(30);
  // 17 ms a frame and none over 50 is what is wanted, and what a quiet machine gives; a shared one gets a margin for strangers.
  expect(at(0.9)).toBeLessThan(50);
  expect(problems).toEqual([]);
  await close();
}, 60_000);

it('a prompt of 20 MB opens in bounded time and does not freeze the page', async () => {
  const reply = await gateway.post('/v1/chat/completions', {
    model: 'gpt-5.4-mini',
    messages: [
      { role: 'user', content: 'Look at this file.' },
      { role: 'user', content: `${'A line of a long file that somebody pasted into a prompt.\n'.repeat(350_000)}the end` },
    ],
  });
  const { id } = await gateway.readCall(reply);
  // Bodies follow the call's end.
  await expect
    .poll(async () => (await gateway.readBodies(id).catch(() => null))?.request?.length ?? 0, { timeout: 10_000 })
    .toBeGreaterThan(20_000_000);
  const { page, problems, close } = await openWindow(browser.context, gateway, '/calls');
  await page.evaluate(measureFrames);
  const startedAt = performance.now();
  await page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/calls/${id}`);
  await page.getByText('Look at this file.').first().waitFor({ timeout: 20_000 });
  const tookMs = performance.now() - startedAt;
  const frames = await page.evaluate<number[]>('globalThis.__frames()');
  console.log(`20 MB: shown after ${tookMs.toFixed(0)} ms, longest frame ${(frames.at(-1) ?? 0).toFixed(0)} ms`);
  expect(tookMs).toBeLessThan(5_000);
  expect(frames.at(-1)).toBeLessThan(1_000);
  expect(problems).toEqual([]);
  await close();
}, 60_000);
