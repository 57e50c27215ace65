import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium, openForeignSite, type TestBrowser } from '../support/chromium.ts';
import { attackGateway, listForeignPages } from '../support/page-attacks.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let browser: TestBrowser;
let site: { port: number; close(): Promise<void> };
let tollgate: TestGateway;

beforeAll(async () => {
  browser = await openChromium('MAP evil.example 127.0.0.1');
  site = await openForeignSite('<!doctype html><title>page</title><body>hello</body>');
  tollgate = await openTestGateway();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await tollgate?.close();
});

/** The port is known when the site is there. */
const pageUrl = (index: number): string => listForeignPages(site.port)[index]?.url ?? '';

describe('A3: a page that knows a valid caller key', () => {
  for (const [index, { name }] of listForeignPages(0).entries()) {
    it(`${name}: no call, no row, no key, nothing read, by any of our names`, async () => {
      for (const host of ['127.0.0.1', 'localhost']) {
        const { readBytes, before, after } = await attackGateway(
          browser,
          pageUrl(index),
          `http://${host}:${tollgate.gateway.port}`,
          tollgate,
        );
        // They did arrive; preflights stand in for the requests that need one. (An upgrade is refused without being counted.)
        expect(after.refused - before.refused).toBeGreaterThanOrEqual(17);
        expect(after).toEqual({ upstreamCalls: 0, rows: 0, callerKeys: before.callerKeys, refused: after.refused });
        expect(readBytes).toBe(0);
      }
    });
  }

  it('A9: gets nothing over 0.0.0.0', async () => {
    const { readBytes, before, after } = await attackGateway(
      browser,
      `http://127.0.0.1:${site.port}/`,
      `http://0.0.0.0:${tollgate.gateway.port}`,
      tollgate,
    );
    expect(after.refused).toBeGreaterThan(before.refused);
    expect(after).toMatchObject({ upstreamCalls: 0, rows: 0 });
    expect(readBytes).toBe(0);
  });

  it('gets nothing by a link the user follows', async () => {
    const page = await browser.context.newPage();
    await page.goto(`http://evil.example:${site.port}/`);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((url) => void window.open(url), `http://127.0.0.1:${tollgate.gateway.port}/v1/models?key=${tollgate.key}`),
    ]);
    await popup.waitForLoadState();
    expect(await popup.textContent('body')).toContain('cross-site');
    await page.close();
    await popup.close();
  });

  it('the same requests from a program do get in', async () => {
    const body = '{"contents":[{"role":"user","parts":[{"text":"x"}]}]}';
    const reply = await tollgate.send(`/v1beta/models/gemini-2.5-flash:generateContent?key=${tollgate.key}`, { key: null, body });
    expect(reply.status).toBe(200);
    expect(tollgate.upstream.requests).toHaveLength(1);
    // The key of the caller has stayed here.
    expect(tollgate.upstream.last().path).not.toContain(tollgate.key);
  });
});

describe('A1: DNS rebinding', () => {
  it('to both planes is refused, key or not, and shows nothing of ours', async () => {
    const page = await browser.context.newPage();
    const stranger = await openForeignSite('<!doctype html><title>rebound</title>');
    await page.goto(`http://evil.example:${stranger.port}/`);
    await stranger.close();
    // A moment later the port is ours, and to the browser the page is still of the same origin.
    const rebound = await openTestGateway({ port: stranger.port });
    try {
      const read = await page.evaluate(async (key) => {
        const statuses: number[] = [];
        let text = '';
        const body = JSON.stringify({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'x' }] });
        for (const [method, path] of [
          ['POST', '/v1/chat/completions'],
          ['POST', `/v1/chat/completions?key=${key}`],
          ['GET', '/v1/models'],
          ['GET', '/admin/status'],
          ['GET', '/healthz'],
          ['GET', '/identify?nonce=0123456789abcdef'],
          ['GET', '/'],
        ] as const) {
          const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
          const reply = await fetch(path, { method, headers, ...(method === 'POST' ? { body } : {}) });
          statuses.push(reply.status);
          text += await reply.text();
        }
        return { statuses, text };
      }, rebound.key);
      expect(read.statuses).toEqual(Array(7).fill(403));
      expect(read.text).not.toMatch(/choices|dataDir|proof|running|demo\/echo/);
      expect(rebound.upstream.requests).toHaveLength(0);
      expect((await rebound.admin<{ items: unknown[] }>('/admin/calls')).items).toEqual([]);
    } finally {
      await page.close();
      await rebound.close();
    }
  });
});
