/**
 * Run by tests as a process of its own, in a keychain session of their choice: `keychain-visit-child.ts DATA_DIR [add ID KEY | stay]`.
 * Starts a gateway there, asks `tollgate status`, stores a key if told to, makes a call with it, and prints one JSON line.
 */
import { spawnServe } from './serve-process.ts';

export interface KeychainVisit {
  startMs: number;
  /** What `serve` printed. */
  notes: string;
  status: string;
  add: { code: number | null; text: string } | null;
  /** After `add`. */
  statusAfter: string;
  keyState: string | null;
  /** Of a call to the provider. */
  httpStatus: number;
  reply: string;
  stopMs: number;
}

const [dataDir = '', baseUrl = '', action, id = 'openai', key = ''] = process.argv.slice(2);
const kept = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME', 'HOME'];
const environment = Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
const serve = await spawnServe({ dataDir, environment: environment as Record<string, string> });
const readStatus = async (): Promise<string> => (await serve.cli(['status'])).stdout;

const status = await readStatus();
const added = action === 'add' ? await serve.cli(['provider', 'add', id, '--base-url', baseUrl], key) : null;
const statusAfter = added === null ? status : await readStatus();
const { items } = await serve.client.admin<{ items: { id: string; key: { state: string } }[] }>('/admin/providers');
const { secret } = await serve.client.admin<{ secret: string }>('/admin/keys', { method: 'POST', body: { name: 'visitor' } });
const body = { model: `${id}/some-model`, messages: [{ role: 'user', content: 'x' }] };
const reply = await serve.client.send('/v1/chat/completions', { key: secret, body });
const stoppedAt = performance.now();
await serve.stop();
const visit: KeychainVisit = {
  startMs: serve.startMs,
  notes: serve.stdout(),
  status,
  add: added === null ? null : { code: added.code, text: added.stdout + added.stderr },
  statusAfter,
  keyState: items.find((item) => item.id === id)?.key.state ?? null,
  httpStatus: reply.status,
  reply: reply.text,
  stopMs: performance.now() - stoppedAt,
};
process.stdout.write(`${JSON.stringify(visit)}\n`);
