import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdminEvent } from '../../src-main/contract/admin-events.ts';
import { createSseParser, type SseEvent } from '../../src-main/dialects/sse.ts';
import { type AdminListener, openAdminListener, testAdminToken } from '../support/admin-listener.ts';

let listener: AdminListener;
const open: ClientRequest[] = [];
beforeEach(async () => {
  listener = await openAdminListener({ eventPingMs: 20 });
});
afterEach(async () => {
  for (const client of open.splice(0)) client.destroy();
  await listener.close();
});

async function subscribe(headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const client = request(`${listener.url}/admin/events`, { headers: { authorization: `Bearer ${testAdminToken}`, ...headers } }, resolve);
  client.on('error', reject).end();
  open.push(client);
  return promise;
}

/** Reads until `count` events have arrived. */
async function readEvents(stream: IncomingMessage, count: number): Promise<{ id: number | null; data: AdminEvent | { type: 'gap' } }[]> {
  const parser = createSseParser();
  const events: SseEvent[] = [];
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString();
    events.push(...parser.push(chunk as Buffer));
    if (events.length >= count) break;
  }
  const ids = text
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => /^id: (\d+)/.exec(block)?.[1]);
  return events.map((event, index) => ({ id: ids[index] === undefined ? null : Number(ids[index]), data: JSON.parse(event.data) }));
}

function publish(count: number, message: string | null = null): void {
  for (let at = 1; at <= count; at++) listener.services.events.publish(() => ({ type: 'health-changed', at, state: 'ok', message }));
}

describe('GET /admin/events', () => {
  it('streams events with ids', async () => {
    const stream = await subscribe();
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(stream.headers['cache-control']).toBe('no-store');
    publish(2);
    expect(await readEvents(stream, 2)).toMatchObject([
      { id: 1, data: { type: 'health-changed', at: 1 } },
      { id: 2, data: { type: 'health-changed', at: 2 } },
    ]);
  });

  it('does not repeat the past to a new client', async () => {
    publish(3);
    const stream = await subscribe();
    publish(1);
    expect(await readEvents(stream, 1)).toMatchObject([{ id: 4 }]);
  });

  it('continues after Last-Event-ID', async () => {
    await subscribe();
    publish(5);
    const stream = await subscribe({ 'last-event-id': '3' });
    expect((await readEvents(stream, 2)).map(({ id }) => id)).toEqual([4, 5]);
  });

  it('says at once that events were missed while nobody looked', async () => {
    publish(5);
    const stream = await subscribe({ 'last-event-id': '3' });
    expect(await readEvents(stream, 1)).toMatchObject([{ id: null, data: { type: 'gap' } }]);
    publish(1);
    expect(await readEvents(stream, 1)).toMatchObject([{ id: 6 }]);
  });

  it('remembers for a client that has just gone', async () => {
    await subscribe();
    open.pop()?.destroy();
    publish(2);
    const stream = await subscribe({ 'last-event-id': '0' });
    expect((await readEvents(stream, 2)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('says so when events between are forgotten', async () => {
    (await subscribe()).resume();
    publish(1500);
    const stream = await subscribe({ 'last-event-id': '100' });
    const events = await readEvents(stream, 1001);
    expect(events[0]).toMatchObject({ id: null, data: { type: 'gap' } });
    expect(events[1]?.id).toBe(501);
    expect(events[1000]?.id).toBe(1500);
  });

  it('ignores a Last-Event-ID that is none', async () => {
    publish(2);
    const stream = await subscribe({ 'last-event-id': 'x' });
    publish(1);
    expect(await readEvents(stream, 1)).toMatchObject([{ id: 3 }]);
  });

  it('keeps a silent stream alive with comments', async () => {
    const stream = await subscribe();
    let text = '';
    for await (const chunk of stream) {
      text += (chunk as Buffer).toString();
      if (text.split(': ping').length > 3) break;
    }
    expect(text).toMatch(/^: tollgate live events\n\n: ping\n\n/);
  });

  it('cuts a client that does not read, and no other', async () => {
    const slow = await subscribe();
    slow.pause();
    slow.on('error', () => undefined);
    const cut = new Promise((resolve) => slow.once('close', resolve));
    const megabyte = 'x'.repeat(100_000);
    // The socket buffers of the system take several megabytes before back-pressure shows.
    for (let round = 0; round < 40; round++) {
      publish(10, megabyte);
      await new Promise(setImmediate);
    }
    const reader = await subscribe();
    publish(1, 'after');
    expect(await readEvents(reader, 1)).toMatchObject([{ data: { message: 'after' } }]);
    slow.resume();
    await cut;
    expect(slow.complete).toBe(false);
  });

  it('ends its streams when the server closes', async () => {
    const stream = await subscribe();
    const ended = new Promise((resolve) => stream.once('close', resolve));
    stream.on('error', () => undefined).resume();
    await listener.app.close();
    await ended;
  });

  it('needs the token', async () => {
    expect((await fetch(`${listener.url}/admin/events`)).status).toBe(401);
    expect((await fetch(`${listener.url}/admin/events?token=${testAdminToken}`)).status).toBe(401);
  });
});
