import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { desktopEnvironment, projectRoot, until } from '../../support/desktop-app.ts';
import { createGatewayClient } from '../../support/test-gateway-client.ts';
import { openTrayHost } from '../../support/tray-host.ts';
import { test } from './desktop-test.ts';

test('shows its menu to a desktop, keeps it current, and quits from it', async ({ dataDir, atEnd }) => {
  const host = await openTrayHost();
  atEnd(() => host.close());
  const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', 'electron');
  const app = spawn(binary, ['--no-sandbox', '--disable-gpu', projectRoot, '--data-dir', dataDir, '--port', '0', '--hidden'], {
    env: { ...desktopEnvironment(dataDir), TOLLGATE_SHELL_TEST: '0' },
    stdio: 'ignore',
  });
  atEnd(() => void app.kill('SIGKILL'));
  await host.registered;
  const lines = await until(async () => {
    const menu = await host.menu();
    return menu.some(({ label }) => label === 'Pause recording') && menu;
  });
  expect(lines.map(({ label }) => label.replace(/:\d+\//, ':PORT/'))).toEqual([
    '$0.00 today',
    '$0.00 last 7 days',
    'Copy base URL   http://127.0.0.1:PORT/v1',
    'Pause recording',
    'Open Tollgate',
    'Quit',
  ]);
  expect(await host.tooltip()).toBe('Tollgate · $0.00 today');

  const { url } = JSON.parse(readFileSync(join(dataDir, 'gateway.json'), 'utf8')) as { url: string };
  const gateway = createGatewayClient(url, dataDir, '');
  await gateway.admin('/admin/settings', { method: 'PATCH', body: { dailyBudgetNanoUsd: 10_000_000_000 } });
  await until(async () => (await host.menu()).some(({ label }) => label === '$0.00 today · 0 % of $10'));

  const pause = (await host.menu()).find(({ label }) => label === 'Pause recording');
  if (pause !== undefined) await host.click(pause);
  await until(async () => (await host.menu()).some(({ label, enabled }) => label === 'Recording is paused' && !enabled));
  expect((await gateway.admin<{ recording: string }>('/admin/settings')).recording).toBe('off');

  const quit = (await host.menu()).find(({ label }) => label === 'Quit');
  const exited = once(app, 'exit');
  if (quit !== undefined) await host.click(quit);
  expect((await exited)[0]).toBe(0);
});
