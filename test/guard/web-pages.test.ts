import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { openChromium, openForeignSite, type TestBrowser } from '../support/chromium.ts';
import { attackFromPage, listForeignPages, type PageAttack } from '../support/page-attacks.ts';

let browser: TestBrowser;
let site: { port: number; close(): Promise<void> };
let guarded: AdminListener;
let open: AdminListener;

beforeAll(async () => {
  browser = await openChromium('MAP evil.example 127.0.0.1');
  site = await openForeignSite('<!doctype html><title>page</title><body>hello</body>');
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  guarded = await openAdminListener();
  open = await openAdminListener({ boundary: false });
});
afterEach(async () => {
  await guarded.close();
  await open.close();
});

/** The port is known when the site is there. */
const pageUrl = (index: number): string => listForeignPages(site.port)[index]?.url ?? '';

const attacks: readonly PageAttack[] = listAttacks(testAdminToken);

function listAttacks(token: string): PageAttack[] {
  const body = '{"name":"evil"}';
  const bearer = { authorization: `Bearer ${token}` };
  const field = { name: '{"name":"evil", "x":"', value: '"}' };
  return [
    { by: 'fetch', path: '/admin/keys', init: { method: 'POST', body, mode: 'no-cors' } },
    { by: 'fetch', path: '/admin/keys', init: { method: 'POST', body, headers: { 'content-type': 'text/plain' } } },
    { by: 'fetch', path: '/admin/keys', init: { method: 'POST', body, headers: { 'content-type': 'application/json', ...bearer } } },
    { by: 'fetch', path: '/admin/status', init: { headers: bearer } },
    { by: 'fetch', path: '/healthz' },
    { by: 'fetch', path: '/admin/keys/x', init: { method: 'DELETE' } },
    { by: 'img', path: '/healthz' },
    { by: 'script', path: '/admin/status' },
    { by: 'iframe', path: '/' },
    { by: 'link', path: '/style.css' },
    { by: 'form', path: '/admin/keys', enctype: 'text/plain', ...field },
    { by: 'form', path: '/admin/keys', enctype: 'application/x-www-form-urlencoded', ...field },
    { by: 'beacon', path: '/admin/keys', body },
    { by: 'socket', path: '/admin/events' },
    { by: 'events', path: '/admin/events' },
  ];
}

describe('A3: requests that web pages send', () => {
  for (const [index, { name }] of listForeignPages(0).entries()) {
    it(`${name} gets nothing in and nothing out, by any of our names`, async () => {
      for (const target of ['127.0.0.1', 'localhost']) {
        const before = JSON.stringify(guarded.services.state);
        const refusedBefore = guarded.refused.length;
        const readBytes = await attackFromPage(browser, pageUrl(index), `http://${target}:${guarded.port}`, attacks);
        expect(guarded.entered).toEqual([]);
        // They did arrive: preflights stand in for the requests that need one.
        expect(guarded.refused.length - refusedBefore).toBeGreaterThanOrEqual(12);
        expect(readBytes).toBe(0);
        expect(JSON.stringify(guarded.services.state)).toBe(before);
      }
    });
  }

  it('negative control: without the boundary they enter', async () => {
    await attackFromPage(browser, pageUrl(0), `http://127.0.0.1:${open.port}`, attacks);
    expect(open.entered.length).toBeGreaterThanOrEqual(12);
  });

  it('A9: a page cannot come in over 0.0.0.0', async () => {
    const readBytes = await attackFromPage(browser, pageUrl(0), `http://0.0.0.0:${guarded.port}`, attacks);
    expect(guarded.entered).toEqual([]);
    expect(guarded.refused.length).toBeGreaterThan(0);
    expect(readBytes).toBe(0);
  });
});

describe('A1: DNS rebinding', () => {
  /**
   * The stranger serves a page on the port that is ours a moment later. To the browser, the page's requests then are
   * same-origin: no Origin, no Sec-Fetch-Site, and a name that leads to us.
   */
  async function rebind(options: { boundary: boolean }): Promise<{ statuses: number[]; text: string; entered: number }> {
    const page = await browser.context.newPage();
    const stranger = await openForeignSite('<!doctype html><title>rebound</title>');
    await page.goto(`http://evil.example:${stranger.port}/`);
    await stranger.close();
    const listener = await openAdminListener({ ...options, port: stranger.port });
    try {
      const read = await page.evaluate(async (token) => {
        const headers = { authorization: `Bearer ${token}` };
        const statuses: number[] = [];
        let text = '';
        for (const path of ['/admin/status', '/healthz', '/metrics', '/', '/identify?nonce=0123456789abcdef']) {
          const reply = await fetch(path, { headers });
          statuses.push(reply.status);
          text += await reply.text();
        }
        return { statuses, text };
      }, testAdminToken);
      return { ...read, entered: listener.entered.length };
    } finally {
      await page.close();
      await listener.close();
    }
  }

  it('is refused on every path, token or not, and shows nothing of ours', async () => {
    const { statuses, text, entered } = await rebind({ boundary: true });
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    expect(entered).toBe(0);
    expect(text).not.toMatch(/0\.1\.0-test|proof|dataDir|running/);
  });

  it('negative control: without the boundary it reads everything', async () => {
    const { statuses, text } = await rebind({ boundary: false });
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(text).toContain('dataDir');
  });
});

it('the page a person opens does load', async () => {
  const page = await browser.context.newPage();
  const reply = await page.goto(`http://127.0.0.1:${guarded.port}/`);
  expect(reply?.status()).toBe(200);
  expect(await page.textContent('body')).toContain('Tollgate 0.1.0-test is running');
  await page.close();
});
