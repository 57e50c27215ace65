import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, type TestBrowser } from '../support/chromium.ts';
import { type SpawnedGateway, spawnTestGateway } from '../support/test-gateway.ts';
import { openWindow } from './open-window.ts';

let browser: TestBrowser;
let gateway: SpawnedGateway;
beforeAll(async () => {
  [browser, gateway] = await Promise.all([openChromium(), spawnTestGateway()]);
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

it('a call is deleted only after a question, and Escape closes the question, not the call', async () => {
  const messages = [{ role: 'user', content: 'A call to delete' }];
  const { id } = await gateway.readCall(await gateway.post('/v1/chat/completions', { model: 'gpt-5.4-mini', messages }));
  const { page, problems, close } = await openWindow(browser.context, gateway, `/calls/${id}`);
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
  expect(problems).toEqual([]);
  await close();
});
