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

/** One way in which a page can send something without asking the user. */
export type PageAttack =
  | { by: 'fetch'; path: string; init?: { method?: string; body?: string; mode?: 'no-cors'; headers?: Record<string, string> } }
  | { by: 'img' | 'script' | 'iframe' | 'link' | 'socket' | 'events'; path: string }
  /** Browsers write `name=value` and cannot do without the "=". */
  | { by: 'form'; path: string; enctype: string; name: string; value: string }
  | { by: 'beacon'; path: string; body: string };

/** Pages of strangers, served on this port of 127.0.0.1. */
export function listForeignPages(port: number): { name: string; url: string }[] {
  return [
    { name: 'a page on another port of this machine', url: `http://127.0.0.1:${port}/` },
    { name: 'a page on localhost with another port', url: `http://localhost:${port}/` },
    { name: 'a page of evil.example', url: `http://evil.example:${port}/` },
  ];
}

/** Opens a page and lets it try all of these on `target`. Gives the bytes of replies that script could read. */
export async function attackFromPage(
  browser: TestBrowser,
  pageUrl: string,
  target: string,
  attacks: readonly PageAttack[],
): Promise<number> {
  const page = await browser.context.newPage();
  try {
    await page.goto(pageUrl);
    return await page.evaluate(runInPage, { target, attacks });
  } finally {
    await page.close();
  }
}

/** Lets a page that knows a valid caller key try everything on a gateway. */
export async function attackGateway(
  browser: TestBrowser,
  pageUrl: string,
  target: string,
  gateway: GatewayClient & { upstream: FakeUpstream },
): Promise<AttackReport> {
  const before = await readTraces(gateway);
  const readBytes = await attackFromPage(browser, pageUrl, target, listGatewayAttacks(gateway.key));
  return { readBytes, before, after: await readTraces(gateway) };
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

function listGatewayAttacks(key: string): PageAttack[] {
  const chat = JSON.stringify({ model: 'gpt-5.4-mini', api_key: key, messages: [{ role: 'user', content: 'x' }] });
  const gemini = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'x' }] }] });
  const withKey = (path: string): string => `${path}?key=${key}`;
  const generate = withKey('/v1beta/models/gemini-2.5-flash:generateContent');
  const field = { name: '{"model":"gpt-5.4-mini","messages":[],"x":"', value: '"}' };
  const bearer = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return [
    { by: 'fetch', path: '/v1/chat/completions', init: { method: 'POST', body: chat, mode: 'no-cors' } },
    { by: 'fetch', path: withKey('/v1/chat/completions'), init: { method: 'POST', body: chat, mode: 'no-cors' } },
    { by: 'fetch', path: generate, init: { method: 'POST', body: gemini, mode: 'no-cors' } },
    { by: 'fetch', path: generate, init: { method: 'POST', body: gemini, headers: { 'content-type': 'text/plain' } } },
    { by: 'fetch', path: withKey('/t/team:evil/v1/messages'), init: { method: 'POST', body: chat } },
    { by: 'fetch', path: '/v1/chat/completions', init: { method: 'POST', body: chat, headers: bearer } },
    { by: 'fetch', path: withKey('/v1/models') },
    { by: 'fetch', path: '/admin/keys', init: { method: 'POST', body: '{"name":"evil"}', mode: 'no-cors' } },
    { by: 'fetch', path: '/healthz' },
    { by: 'img', path: withKey('/v1/models') },
    { by: 'script', path: withKey('/v1/models') },
    { by: 'iframe', path: withKey('/v1/models') },
    { by: 'link', path: withKey('/v1beta/models') },
    { by: 'form', path: withKey('/v1/chat/completions'), enctype: 'text/plain', ...field },
    { by: 'form', path: generate, enctype: 'application/x-www-form-urlencoded', ...field },
    { by: 'form', path: withKey('/v1/images/edits'), enctype: 'multipart/form-data', ...field },
    { by: 'beacon', path: generate, body: gemini },
    { by: 'socket', path: withKey('/v1/responses') },
    { by: 'events', path: withKey('/v1/responses/resp_1') },
    { by: 'events', path: withKey('/admin/events') },
  ];
}

/** Runs in the page, so it can use nothing from outside. */
async function runInPage({ target, attacks }: { target: string; attacks: readonly PageAttack[] }): Promise<number> {
  let readBytes = 0;
  const settle = (start: (done: () => void) => void, longestMs = 1500) =>
    new Promise<void>((resolve) => {
      start(resolve);
      setTimeout(resolve, longestMs);
    });
  const submit = (attack: PageAttack & { by: 'form' }, index: number, done: () => void) => {
    const frame = Object.assign(document.createElement('iframe'), { name: `frame-${index}`, onload: done });
    const form = Object.assign(document.createElement('form'), { method: 'POST', action: target + attack.path, target: frame.name });
    form.enctype = attack.enctype;
    form.append(Object.assign(document.createElement('input'), { name: attack.name, value: attack.value }));
    document.body.append(frame, form);
    form.submit();
  };
  const listen = (url: string, done: () => void) => {
    const events = new EventSource(url);
    events.onmessage = ({ data }) => {
      readBytes += String(data).length;
    };
    events.onopen = events.onerror = () => {
      events.close();
      done();
    };
  };
  const run = async (attack: PageAttack, index: number): Promise<void> => {
    const url = target + attack.path;
    if (attack.by === 'fetch') {
      const reply = await fetch(url, attack.init ?? {}).catch(() => null);
      if (reply) readBytes += (await reply.text().catch(() => '')).length;
    } else if (attack.by === 'form') await settle((done) => submit(attack, index, done));
    else if (attack.by === 'beacon') await settle(() => navigator.sendBeacon(url, attack.body), 300);
    else if (attack.by === 'events') await settle((done) => listen(url, done));
    else if (attack.by === 'socket') {
      await settle((done) => {
        const socket = new WebSocket(url.replace('http', 'ws'));
        socket.onopen = socket.onerror = () => done();
      });
    } else {
      const { by } = attack;
      await settle((done) => {
        const element = Object.assign(document.createElement(by), { onload: done, onerror: done });
        if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: url });
        else (element as HTMLImageElement).src = url;
        document.body.append(element);
      });
    }
  };
  await Promise.all(attacks.map(run));
  return readBytes;
}
