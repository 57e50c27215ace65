// The end-to-end tests in their two projects: `npm run test:e2e` is Chromium, `npm run test:desktop` a real Electron under a virtual
// display. Projects add up; without any it is both. Other arguments are Playwright's own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bringDesktop } from './bring-desktop.mjs';
import { build, findNode, installDependencies, projectEnvironment, root } from './setup.mjs';
import { installSystemPackages } from './system-packages.mjs';

const wishes = process.argv.slice(2);
const projects = wishes.flatMap((wish) => /^--project=(.+)$/.exec(wish)?.[1] ?? []);
const hasDesktop = projects.length === 0 || projects.includes('desktop');
const { prefix, environment } = hasDesktop ? await bringDesktop() : bringBrowser();
const playwright = [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--config', join(root, 'test/e2e/playwright.config.ts')];
const [program, ...args] = [...prefix, findNode(), ...playwright, ...wishes];
const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
process.exit(status ?? 1);

function bringBrowser() {
  installSystemPackages();
  installDependencies();
  build();
  return { prefix: [], environment: projectEnvironment() };
}
