import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { AdminEvent } from '../contract/admin-events.ts';
import type { EventHub } from './admin-services.ts';

/** Text waiting for a client that does not read; past this it is cut off and resumes with Last-Event-ID. */
const MAX_QUEUED_CHARACTERS = 1_000_000;

/** Said instead of events that are no longer remembered: re-query everything you show. */
type Gap = { type: 'gap'; at: number };

/**
 * GET /admin/events: Server-Sent Events, each an AdminEvent (or a gap) as JSON with an `id:`. `Last-Event-ID` continues
 * after that event. Pages read it with fetch, because EventSource cannot send the token.
 */
export function registerLiveEvents(app: FastifyInstance, hub: EventHub, clock: () => number, pingMs: number): void {
  const open = new Set<Readable>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.destroy();
  });
  app.get('/admin/events', { config: { guard: 'admin' } }, async (request, reply) => {
    const stream = openEventStream(hub, clock, pingMs, readLastId(request.headers['last-event-id']));
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    return reply.header('content-type', 'text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
}

function openEventStream(hub: EventHub, clock: () => number, pingMs: number, lastId: number | undefined): Readable {
  const stream = new Readable({ read: () => undefined, encoding: 'utf8', highWaterMark: MAX_QUEUED_CHARACTERS });
  let expectedId = lastId === undefined ? null : lastId + 1;

  function write(text: string): void {
    if (stream.destroyed) return;
    if (stream.readableLength + text.length > MAX_QUEUED_CHARACTERS) stream.destroy();
    else stream.push(text);
  }

  function tellGap(nextId: number): void {
    if (expectedId !== null && nextId !== expectedId) write(`data: ${JSON.stringify({ type: 'gap', at: clock() } satisfies Gap)}\n\n`);
  }

  function deliver(id: number, event: AdminEvent): void {
    tellGap(id);
    expectedId = id + 1;
    write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  write(': tollgate live events\n\n');
  const unsubscribe = hub.subscribe(deliver, lastId);
  tellGap(hub.lastId + 1);
  expectedId = hub.lastId + 1;
  const ping = setInterval(() => write(': ping\n\n'), pingMs);
  stream.once('close', () => {
    clearInterval(ping);
    unsubscribe();
  });
  return stream;
}

function readLastId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
