import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestBrowser } from './chromium.ts';
import type { FakeUpstream } from './fake-upstream.ts';
import type { GatewayClient } from './test-gateway-client.ts';

export interface Traces {
  /** Requests that reached the provider. */
  upstreamCalls: number;
  /** Calls in the ledger that have ended. */
  rows: number;
  /** Requests the boundary refused. */
  refused: number;
  callerKeys: number;
}

export interface AttackReport {
  /** Bytes of the gateway's replies that script could read. */
  readBytes: number;
  before: Traces;
  after: Traces;
}

/** Opens a page and lets it try everything a page can send to `target` without asking the user; the page knows a valid caller key. */
export async function attackGateway(
  browser: TestBrowser,
  pageUrl: string,
  target: string,
  gateway: GatewayClient & { upstream: FakeUpstream },
): Promise<AttackReport> {
  const before = await readTraces(gateway);
  const page = await browser.context.newPage();
  try {
    await page.goto(pageUrl);
    const readBytes = await page.evaluate(attackFromPage, { target, key: gateway.key });
    return { readBytes, before, after: await readTraces(gateway) };
  } finally {
    await page.close();
  }
}

async function readTraces(gateway: GatewayClient & { upstream: FakeUpstream }): Promise<Traces> {
  const token = readFileSync(join(gateway.dataDir, 'admin-token'), 'utf8').trim();
  const { text } = await gateway.send('/metrics', { key: token });
  const sum = (series: RegExp): number => [...text.matchAll(series)].reduce((total, [, value]) => total + Number(value), 0);
  const { items } = await gateway.admin<{ items: unknown[] }>('/admin/keys');
  return {
    upstreamCalls: gateway.upstream.requests.length,
    rows: sum(/^tollgate_calls_total\{.*\} (\d+)$/gm),
    refused: sum(/^tollgate_refused_total\{code="forbidden_\w+"\} (\d+)$/gm),
    callerKeys: items.length,
  };
}

/** Runs in the page, so it can use nothing from outside. Gives the bytes it could read. */
async function attackFromPage({ target, key }: { target: string; key: string }): Promise<number> {
  let readBytes = 0;
  const chat = JSON.stringify({ model: 'gpt-5.4-mini', api_key: key, messages: [{ role: 'user', content: 'x' }] });
  const gemini = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'x' }] }] });
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
  const submit = (path: string, enctype: string) =>
    settle((done) => {
      const frame = Object.assign(document.createElement('iframe'), { name: `frame-${enctype}${path}`, onload: done });
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: target + path, target: frame.name });
      form.enctype = enctype;
      form.append(Object.assign(document.createElement('input'), { name: '{"model":"gpt-5.4-mini","messages":[],"x":"', value: '"}' }));
      document.body.append(frame, form);
      form.submit();
    });
  const generate = '/v1beta/models/gemini-2.5-flash:generateContent';
  const withKey = (path: string) => `${path}?key=${key}`;
  await Promise.all([
    fetchAndRead('/v1/chat/completions', { method: 'POST', body: chat, mode: 'no-cors' }),
    fetchAndRead(withKey('/v1/chat/completions'), { method: 'POST', body: chat, mode: 'no-cors' }),
    fetchAndRead(withKey(generate), { method: 'POST', body: gemini, mode: 'no-cors' }),
    fetchAndRead(withKey(generate), { method: 'POST', body: gemini, headers: { 'content-type': 'text/plain' } }),
    fetchAndRead(withKey('/t/team:evil/v1/messages'), { method: 'POST', body: chat }),
    fetchAndRead('/v1/chat/completions', {
      method: 'POST',
      body: chat,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    }),
    fetchAndRead(withKey('/v1/models'), {}),
    fetchAndRead('/admin/keys', { method: 'POST', body: '{"name":"evil"}', mode: 'no-cors' }),
    fetchAndRead('/healthz', {}),
    load('img', withKey('/v1/models')),
    load('script', withKey('/v1/models')),
    load('iframe', withKey('/v1/models')),
    load('link', withKey('/v1beta/models')),
    submit(withKey('/v1/chat/completions'), 'text/plain'),
    submit(withKey(generate), 'application/x-www-form-urlencoded'),
    submit(withKey('/v1/images/edits'), 'multipart/form-data'),
    settle((done) => {
      navigator.sendBeacon(target + withKey(generate), gemini);
      setTimeout(done, 300);
    }),
    settle((done) => {
      const socket = new WebSocket(`${target.replace('http', 'ws')}${withKey('/v1/responses')}`);
      socket.onopen = socket.onerror = () => done();
    }),
    ...['/v1/responses/resp_1', '/admin/events'].map((path) =>
      settle((done) => {
        const events = new EventSource(target + withKey(path));
        events.onmessage = ({ data }) => {
          readBytes += String(data).length;
        };
        events.onopen = events.onerror = () => {
          events.close();
          done();
        };
      }),
    ),
  ]);
  return readBytes;
}
