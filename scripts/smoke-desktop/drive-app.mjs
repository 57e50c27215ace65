// Runs where there is a display and an Electron (scripts/bring-desktop.mjs): start, call, look, quit.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { root } from '../setup.mjs';

const withinMs = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'tollgate-smoke-'));
const app = await _electron.launch({
  args: ['--disable-gpu', root, '--data-dir', folder, '--port', '0'],
  cwd: root,
  env: { ...process.env, HOME: join(folder, 'home'), TOLLGATE_VAULT: 'file', TOLLGATE_SHELL_TEST: '1' },
});
try {
  const electron = await app.evaluate(() => process.versions.electron);
  const url = await until(() => app.evaluate(() => globalThis.tollgateShell.url()));
  const page = await until(() => app.windows().find((window) => window.url().startsWith(url)));
  await page.waitForSelector('main', { timeout: withinMs });
  const isShown = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()));
  const call = await makeCall(url);
  const { items } = await until(async () => {
    const reply = await admin(url, 'GET', '/admin/calls');
    return reply.items.some(({ status }) => status === 'ok') && reply;
  });
  const tray = await until(async () => {
    const labels = await app.evaluate(() => globalThis.tollgateShell.tray());
    return labels.some((label) => label.endsWith(' today')) && labels;
  });
  await app.close();
  console.log(JSON.stringify({ electron, window: isShown, tray, call, rows: items.length }));
} finally {
  await app.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}

async function makeCall(url) {
  const { secret } = await admin(url, 'POST', '/admin/keys', { name: 'smoke' });
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }] }),
  });
  await reply.json();
  return reply.ok ? 'ok' : `status ${reply.status}`;
}

async function admin(url, method, path, body) {
  const token = readFileSync(join(folder, 'admin-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const reply = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status}`);
  return reply.json();
}

async function until(read) {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(read)
      .catch(() => null);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain for ${read}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
