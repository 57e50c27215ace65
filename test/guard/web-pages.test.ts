import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';
import { openChromium, openForeignSite, type TestBrowser } from '../support/chromium.ts';

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

interface AttackResult {
  /** Bytes of replies that script could read. */
  readBytes: number;
}

/** Runs in the page: every way a page can send something to `target` without asking the user. */
async function attackFromPage({ target, token }: { target: string; token: string }): Promise<AttackResult> {
  let readBytes = 0;
  const settle = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      start(resolve);
      setTimeout(resolve, 1500);
    });
  const fetchAndRead = async (path: string, init: RequestInit) => {
    const reply = await fetch(target + path, init).catch(() => null);
    if (reply) readBytes += (await reply.text().catch(() => '')).length;
  };
  const load = (tag: 'img' | 'script' | 'iframe' | 'link', path: string) =>
    settle((done) => {
      const element = Object.assign(document.createElement(tag), { onload: done, onerror: done });
      if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: target + path });
      else (element as HTMLImageElement).src = target + path;
      document.body.append(element);
    });
  const submit = (enctype: string) =>
    settle((done) => {
      const frame = Object.assign(document.createElement('iframe'), { name: `frame-${enctype}`, onload: done });
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: `${target}/admin/keys`, target: frame.name });
      form.enctype = enctype;
      form.append(Object.assign(document.createElement('input'), { name: '{"name":"evil", "x":"', value: '"}' }));
      document.body.append(frame, form);
      form.submit();
    });
  const body = '{"name":"evil"}';
  await Promise.all([
    fetchAndRead('/admin/keys', { method: 'POST', body, mode: 'no-cors' }),
    fetchAndRead('/admin/keys', { method: 'POST', body, headers: { 'content-type': 'text/plain' } }),
    fetchAndRead('/admin/keys', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    }),
    fetchAndRead('/admin/status', { headers: { authorization: `Bearer ${token}` } }),
    fetchAndRead('/healthz', {}),
    fetchAndRead('/admin/keys/x', { method: 'DELETE' }),
    load('img', '/healthz'),
    load('script', '/admin/status'),
    load('iframe', '/'),
    load('link', '/style.css'),
    submit('text/plain'),
    submit('application/x-www-form-urlencoded'),
    settle((done) => {
      navigator.sendBeacon(`${target}/admin/keys`, body);
      setTimeout(done, 300);
    }),
    settle((done) => {
      const socket = new WebSocket(`${target.replace('http', 'ws')}/admin/events`);
      socket.onopen = socket.onerror = () => done();
    }),
    settle((done) => {
      const events = new EventSource(`${target}/admin/events`);
      events.onopen = events.onerror = () => {
        events.close();
        done();
      };
    }),
  ]);
  return { readBytes };
}

async function attack(pageUrl: string, target: string): Promise<AttackResult> {
  const page = await browser.context.newPage();
  try {
    await page.goto(pageUrl);
    return await page.evaluate(attackFromPage, { target, token: testAdminToken });
  } finally {
    await page.close();
  }
}

const pages = [
  { name: 'a page on another port of this machine', url: () => `http://127.0.0.1:${site.port}/` },
  { name: 'a page on localhost with another port', url: () => `http://localhost:${site.port}/` },
  { name: 'a page of evil.example', url: () => `http://evil.example:${site.port}/` },
];

describe('A3: requests that web pages send', () => {
  for (const { name, url } of pages) {
    it(`${name} gets nothing in and nothing out, by any of our names`, async () => {
      for (const target of ['127.0.0.1', 'localhost']) {
        const before = JSON.stringify(guarded.services.state);
        const refusedBefore = guarded.refused.length;
        const { readBytes } = await attack(url(), `http://${target}:${guarded.port}`);
        expect(guarded.entered).toEqual([]);
        // They did arrive: preflights stand in for the requests that need one.
        expect(guarded.refused.length - refusedBefore).toBeGreaterThanOrEqual(12);
        expect(readBytes).toBe(0);
        expect(JSON.stringify(guarded.services.state)).toBe(before);
      }
    });
  }

  it('negative control: without the boundary they enter', async () => {
    await attack(pages[0]?.url() ?? '', `http://127.0.0.1:${open.port}`);
    expect(open.entered.length).toBeGreaterThanOrEqual(12);
  });

  it('A9: a page cannot come in over 0.0.0.0', async () => {
    const { readBytes } = await attack(`http://127.0.0.1:${site.port}/`, `http://0.0.0.0:${guarded.port}`);
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
