// What running the desktop app without a desktop takes: programs, a build, an Electron, a display.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build, findNode, installDependencies, projectEnvironment, root } from './setup.mjs';
import { installSystemPackages } from './system-packages.mjs';

/**
 * @returns {Promise<{prefix: string[], environment: Record<string, string>}>} the command that gives a display, if there is
 * none, and a session bus of its own; and the environment in which Electron's package finds the runtime
 */
export async function bringDesktop() {
  installSystemPackages({ desktop: true });
  installDependencies();
  build();
  // In a process of its own: @electron/fuses comes with the dependencies that were just installed.
  const folder = execFileSync(findNode(), [join(root, 'scripts/electron-runtime.mjs')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: projectEnvironment(),
  }).trim();
  return {
    prefix: [...(process.env.DISPLAY ? [] : ['xvfb-run', '-a']), 'dbus-run-session', '--'],
    environment: { ...projectEnvironment(), ELECTRON_OVERRIDE_DIST_PATH: folder, TOLLGATE_NODE: findNode() },
  };
}
