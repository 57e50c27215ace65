import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminListener, openAdminListener } from '../support/admin-listener.ts';
import { sendRaw } from '../support/raw-http.ts';

let directory: string;
let listener: AdminListener;
let bare: AdminListener;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tollgate-ui-'));
  const uiDir = join(directory, 'ui');
  await mkdir(join(uiDir, 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.json'), '{"secret":"canary"}');
  await writeFile(join(uiDir, 'index.html'), '<!doctype html><title>Tollgate</title>');
  await writeFile(join(uiDir, 'assets', 'main-B1x_9-Zq.js'), 'export {};');
  await writeFile(join(uiDir, 'icon.svg'), '<svg/>');
  await writeFile(join(uiDir, 'notes.txt~'), 'canary');
  await symlink(join(directory, 'secret.json'), join(uiDir, 'link.json'));
  listener = await openAdminListener({ uiDir });
  bare = await openAdminListener({ uiDir: join(directory, 'missing') });
});
afterAll(async () => {
  await listener.close();
  await bare.close();
  await rm(directory, { recursive: true });
});

const read = (path: string, method = 'GET') => sendRaw(listener.port, [`${method} ${path} HTTP/1.1`, `Host: localhost:${listener.port}`]);

describe('the built UI', () => {
  it('serves the page uncached under a strict policy', async () => {
    const reply = await read('/');
    expect(reply).toMatchObject({ status: 200, body: '<!doctype html><title>Tollgate</title>' });
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
    );
  });

  it('caches files whose name holds their hash for ever', async () => {
    const reply = await read('/assets/main-B1x_9-Zq.js');
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await read('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it('answers HEAD without a body', async () => {
    const reply = await read('/', 'HEAD');
    expect(reply).toMatchObject({ status: 200, body: '' });
    expect(reply.headers.get('content-length')).toBe('38');
  });

  it.each(['/start', '/calls', '/calls/call_0498t260000', '/settings'])('serves the page at its address %s', async (path) => {
    const reply = await read(path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('text/html');
  });

  it.each(['/calls/', '/calls/x', '/calls/call_0498t260000/more', '/start/x', '/Start', '/nothing'])('has no page at %s', async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  it('ignores the query', async () => expect((await read('/?page=calls')).status).toBe(200));

  it.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/..%5csecret.json',
    '/....//secret.json',
    '/assets/..%2f..%2fsecret.json',
    '//secret.json',
    '/link.json',
    '/notes.txt~',
    '/assets',
    '/assets/',
    '/__proto__',
    '/index.html%00.js',
  ])('does not serve %s', async (path) => {
    const reply = await read(path);
    expect([400, 404]).toContain(reply.status);
    expect(reply.body).not.toContain('canary');
  });
});

it('without a built UI, a plain page says what this is and what to do', async () => {
  const reply = await fetch(`${bare.url}/`);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const text = await reply.text();
  expect(text).toContain(`${bare.url}/v1`);
  expect(text).toContain('tollgate key create');
});
