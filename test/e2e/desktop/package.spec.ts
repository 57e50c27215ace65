import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect } from '@playwright/test';
import { desktopEnvironment, projectRoot, until } from '../../support/desktop-app.ts';
import { test } from './desktop-test.ts';

test('packs a .deb; what it installs starts, serves and quits', async ({ dataDir, atEnd }) => {
  test.setTimeout(90_000);
  const printed = execFileSync(process.execPath, [join(projectRoot, 'scripts/package-linux.mjs')], { cwd: projectRoot, encoding: 'utf8' });
  const deb = printed.trim().split('\n').at(-1) ?? '';
  const installed = join(dataDir, 'installed');
  execFileSync('dpkg-deb', ['--extract', deb, installed]);
  const program = join(installed, 'opt/Tollgate/tollgate-desktop');

  const fuses = await getCurrentFuseWire(program);
  expect(fuses[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableCookieEncryption]).toBe(FuseState.ENABLE);

  const child = spawn(program, ['--no-sandbox', '--disable-gpu', '--data-dir', dataDir, '--port', '0'], {
    env: desktopEnvironment(dataDir),
    stdio: 'ignore',
  });
  atEnd(() => void child.kill('SIGKILL'));
  const { url, pid } = await until(
    async () => JSON.parse(readFileSync(join(dataDir, 'gateway.json'), 'utf8')) as { url: string; pid: number },
  );
  expect(await (await fetch(`${url}/`)).text()).toContain('<div id="root"');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');

  const files = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  expect(files).toMatch(/-rwsr-xr-x root\/root .*opt\/Tollgate\/chrome-sandbox/);
  expect(files).toContain('usr/share/applications/tollgate.desktop');
  expect(files).not.toMatch(/default_app\.asar|node_modules\/node-linux|\.map\n/);
});
