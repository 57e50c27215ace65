import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { desktopEnvironment, projectRoot, until } from '../../support/desktop-app.ts';
import { test } from './desktop-test.ts';

const echo = { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }] };

test('shows the gateway’s page in a locked-down window, and what was spent in the tray', async ({ desktop }) => {
  const page = await desktop.page();
  await page.waitForSelector('main#content');
  expect(await page.evaluate(() => typeof (window as unknown as { tollgateShell: unknown }).tollgateShell)).toBe('object');
  expect(await page.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in globalThis))).toEqual([]);
  const tray = await until(async () => (await desktop.tray()).includes('$0.00 today') && desktop.tray());
  expect(tray.slice(0, 2)).toEqual(['$0.00 today', '$0.00 last 7 days']);
  expect(tray.at(-1)).toBe('Quit');
  // The page is signed in by the bridge alone: nothing asks the user for a link.
  await until(async () => page.evaluate(() => sessionStorage.getItem('tollgate-token') !== null));
  expect(await page.evaluate(() => location.hash)).toBe('');
});

test('opens nothing else and asks the system for nothing', async ({ desktop }) => {
  const page = await desktop.page();
  const own = page.url();
  await page.evaluate(() => {
    window.open('https://example.com/');
    window.open('file:///etc/passwd');
    location.href = 'https://example.com/';
  });
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  const bridge = (call: string): Promise<string> =>
    page.evaluate(
      (text) =>
        Promise.resolve(
          text === 'port'
            ? (window as unknown as { tollgateShell: { setPort(port: unknown): Promise<unknown> } }).tollgateShell.setPort('80; rm')
            : (window as unknown as { tollgateShell: { openExternal(url: string): Promise<unknown> } }).tollgateShell.openExternal(text),
        ).then(String, (error: Error) => error.message),
      call,
    );
  expect(await bridge('port')).toContain('A port is a number');
  for (const url of ['file:///etc/passwd', 'http://github.com/', 'https://example.com/', 'smb://x/y', 'javascript:alert(1)']) {
    expect(await bridge(url)).toBe('false');
  }
  expect(desktop.app.windows()).toHaveLength(1);
  expect(page.url().slice(0, 16)).toBe(own.slice(0, 16));
});

test('says which link it did not open, and opens the pages it knows', async ({ desktop }) => {
  const client = await desktop.client();
  const content = 'See [a page](https://example.com/from-an-answer) and [the docs](https://docs.x.ai/docs).';
  const call = await client.readCall(await client.post('/v1/chat/completions', { ...echo, messages: [{ role: 'user', content }] }));
  await desktop.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedByTest: opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  const opened = (): Promise<string[]> => desktop.app.evaluate(() => (globalThis as unknown as { openedByTest: string[] }).openedByTest);
  const page = await desktop.page();
  await page.goto(`${await desktop.url()}/calls/${call.id}`);
  await page.click('button:text("the docs")');
  await until(async () => (await opened()).length === 1);
  expect(await page.isVisible('dialog')).toBe(false);
  await page.click('button:text("a page")');
  const dialog = page.locator('dialog[open]');
  await dialog.waitFor();
  expect(await dialog.innerText()).toMatch(/not opened[\s\S]*pages of providers[\s\S]*https:\/\/example\.com\/from-an-answer/);
  await dialog.locator('button:text("Close")').click();
  await dialog.waitFor({ state: 'detached' });
  expect(await opened()).toEqual(['https://docs.x.ai/docs']);
});

test('keeps serving while the window is closed, and opens it again', async ({ desktop }) => {
  await (await desktop.page()).close();
  const client = await desktop.client();
  expect((await client.post('/v1/chat/completions', echo)).status).toBe(200);
  await desktop.act('open-calls');
  const page = await desktop.page();
  expect(new URL(page.url()).pathname).toBe('/calls');
});

test('opens the window again on the page it was closed on', async ({ desktop }) => {
  const first = await desktop.page();
  await first.click('nav >> text=Calls');
  await first.selectOption('select[aria-label="State"]', 'error');
  await until(async () => first.url().endsWith('/calls?status=error'));
  const gone = first.waitForEvent('close');
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await gone;
  await desktop.act('open');
  const second = await desktop.page();
  await second.waitForSelector('main#content');
  const { pathname, search } = new URL(second.url());
  expect(pathname + search).toBe('/calls?status=error');
  expect(await second.inputValue('select[aria-label="State"]')).toBe('error');
});

test('opens the window again in the moment in which it is destroyed and has not said so', async ({ desktop }) => {
  const first = await desktop.page();
  const gone = first.waitForEvent('close');
  await desktop.app.evaluate(({ BrowserWindow }) => {
    const { tollgateShell } = globalThis as unknown as { tollgateShell: { act(action: string): void } };
    const [closing] = BrowserWindow.getAllWindows();
    // Before the app itself hears of it.
    closing?.prependListener('closed', () => tollgateShell.act('open'));
    closing?.close();
  });
  await gone;
  const second = await until(async () => (desktop.app.windows().length === 1 ? await desktop.page() : null));
  await second.waitForSelector('main#content');
  await desktop.act('open');
  expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('tells of a call in the tray within a second, and pauses recording', async ({ desktop }) => {
  const client = await desktop.client();
  const reply = await client.post('/v1/chat/completions', { ...echo, model: 'openai/gpt-4o' });
  const endedAt = Date.now();
  expect(reply.status).toBeGreaterThanOrEqual(400);
  const line = await until(async () => (await desktop.tray()).find((label) => label.startsWith('⚠')), 3_000);
  expect(Date.now() - endedAt).toBeLessThan(1_000);
  expect(line).toMatch(/just now$/);
  await desktop.act('toggle-recording');
  await until(async () => (await desktop.tray()).includes('Resume recording'));
  expect((await client.admin<{ recording: string }>('/admin/settings')).recording).toBe('off');
  await desktop.act('toggle-recording');
  await until(async () => (await desktop.tray()).includes('Pause recording'));
  expect((await client.admin<{ recording: string }>('/admin/settings')).recording).toBe('full');
});

test('restarts a killed gateway on its port without losing a call', async ({ desktop }) => {
  const page = await desktop.page();
  const client = await desktop.client();
  const replies = [];
  for (let count = 0; count < 5; count++) replies.push(await client.post('/v1/chat/completions', echo));
  const before = await desktop.gatewayPid();
  process.kill(before, 'SIGKILL');
  const after = await until(async () => {
    const pid = await desktop.gatewayPid();
    return pid !== before && (await client.send('/healthz')).status === 200 && pid;
  });
  expect(after).not.toBe(before);
  for (const reply of replies) await until(async () => (await client.readCall(reply)).status === 'ok', 5_000);
  // The page signs in again by itself.
  await until(async () => page.evaluate(() => document.querySelector('main#content') !== null));
  await until(async () => (await desktop.tray()).includes('$0.00 today'));
});

test('is one app per data folder: a second start brings the window back', async ({ dataDir, desktop }) => {
  await (await desktop.page()).close();
  const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', 'electron');
  const second = spawnSync(binary, ['--no-sandbox', '--disable-gpu', projectRoot, '--data-dir', dataDir], {
    env: desktopEnvironment(dataDir),
    timeout: 10_000,
  });
  expect(second.status).toBe(0);
  await desktop.page();
});

test('explains a taken port on its own page, and starts from there once the port is free', async ({ launch }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const desktop = await launch(['--port', String(port)]);
  const page = await until(async () => desktop.app.windows().find((window) => window.url().includes('state=failed')));
  expect(await page.textContent('#message')).toContain(`127.0.0.1:${port} is already taken by`);
  expect((await desktop.tray())[0]).toBe('Tollgate is stopped');
  taken.close();
  await once(taken, 'close');
  await page.click('text=Start again');
  await (await desktop.page()).waitForSelector('main#content');
  expect(await desktop.url()).toBe(`http://127.0.0.1:${port}`);
});

test('moves to another port when the page asks, and the page comes along', async ({ desktop }) => {
  const page = await desktop.page();
  await page.waitForSelector('main#content');
  const before = await desktop.url();
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  // The page is gone before the answer can reach it.
  void page
    .evaluate(
      (next) => (window as unknown as { tollgateShell: { setPort(port: number): Promise<unknown> } }).tollgateShell.setPort(next),
      port,
    )
    .catch(() => {});
  await until(async () => page.url().startsWith(`http://127.0.0.1:${port}/`));
  await page.waitForSelector('main#content');
  expect(await desktop.url()).not.toBe(before);
});

test('shows the offline page while the gateway stays away', async ({ desktop }) => {
  const page = await desktop.page();
  await page.waitForSelector('main#content');
  let last = 0;
  for (let kill = 0; kill < 4; kill++) {
    last = await until(async () => {
      const pid = await desktop.gatewayPid();
      return pid !== last && pid;
    });
    process.kill(last, 'SIGKILL');
  }
  await until(async () => page.url().includes('offline.html'));
  expect(await page.textContent('h1')).toBe('Tollgate is restarting …');
  await until(async () => page.url().startsWith('http://127.0.0.1'));
});

test('leaves nothing running after it quits', async ({ dataDir, desktop }) => {
  await desktop.page();
  await desktop.url();
  await desktop.quit();
  await until(async () => processesOf(dataDir).length === 0, 5_000);
  expect(readdirSync(dataDir)).not.toContain('gateway.json');
});

/** Processes with the data folder in their command line. */
function processesOf(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(dataDir) ? [line] : [];
      } catch {
        return [];
      }
    });
}
