// `npm run test:clients`: Tollgate under the real coding tools, offline. Apart from `npm test`, since they are a gigabyte to install.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNode, installDependencies, projectEnvironment, root } from './setup.mjs';

const folder = join(root, 'test/clients');

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('npm run test:clients needs Linux on x64: it runs the native builds of the tools named in test/clients/package.json.');
  process.exit(1);
}
installDependencies();
installClients();
const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(folder, 'vitest.config.ts')];
const child = spawn(findNode(), [...vitest, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: projectEnvironment() });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));

/** `npm ci` when the lockfile changed since the last one. The native builds need no install script, and run without the optional ones. */
function installClients() {
  const stamp = join(folder, 'node_modules/.tollgate-lockfile');
  const lockfile = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;
  console.error('[tollgate] installing the coding tools (once, about 1 GB) …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(stamp, lockfile);
}
