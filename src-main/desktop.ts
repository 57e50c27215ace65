// The desktop app's main process. Nothing here is awaited at top level: Electron waits for this file before it is ready.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { readShellOptions } from './shell/shell-options.ts';
import { type Shell, startShell } from './shell/start-shell.ts';

const environment = process.env;
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const givenProfile = app.commandLine.getSwitchValue('user-data-dir') || null;
const options = readShellOptions(process.argv.slice(1), environment, givenProfile);
// A release runs the gateway inside Electron; another program than ours must not get at the keys through a variable.
if (app.getAppPath().endsWith('.asar')) options.node = null;

mkdirSync(options.profileDir, { recursive: true, mode: 0o700 });
app.setPath('userData', options.profileDir);
app.setAppUserModelId('dev.tollgate.desktop');

let shell: Shell | null = null;
let stopped = false;

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => shell?.show());
  app.on('activate', () => shell?.show());
  // The window may go; the app stays in the tray.
  app.on('window-all-closed', () => {});
  app.on('before-quit', quitGently);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(start);
} else app.exit(0);

function start(): void {
  const configHome = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  shell = startShell(options, {
    root: at('../..'),
    gatewayEntry: at('./gateway-process.js'),
    preload: at('../preload/bridge.cjs'),
    autostartFile: join(configHome, 'autostart/tollgate.desktop'),
    environment,
  });
  if (options.isTest) Object.assign(globalThis, { tollgateShell: shell.inspect });
  if (!options.hidden) shell.show();
}

/** Answers that are still being written may finish first. */
function quitGently(event: Electron.Event): void {
  if (stopped || shell === null) return;
  event.preventDefault();
  const leaving = shell;
  shell = null;
  void leaving.stop().finally(() => {
    stopped = true;
    app.quit();
  });
}
