// `npm start`: the desktop app where there is a display and an Electron, else the gateway in this terminal.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, findNode, installDependencies, projectEnvironment, root } from './setup.mjs';

installDependencies();
const args = process.argv.slice(2);
const electron = findElectron();
const missing = electron === null ? 'Electron is not downloaded (npx install-electron)' : hasDisplay() ? null : 'there is no display';
if (missing === null) build();
else console.error(`[tollgate] no window: ${missing}. The gateway runs in this terminal.`);
const child =
  missing === null
    ? spawn(electron, [root, ...args], { stdio: 'inherit', env: { ...projectEnvironment(), TOLLGATE_NODE: findNode() } })
    : spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'serve', ...args], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));

/** The binary that the electron package has downloaded, or the one it was told to use. It is not fetched here. */
function findElectron() {
  const folder = join(root, 'node_modules/electron');
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : (names[process.platform] ?? 'electron');
  const binary = join(given ?? join(folder, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
