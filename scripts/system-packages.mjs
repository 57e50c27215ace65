// Programs the tests drive: a real browser, a real keychain, a shell. Installed where that is allowed, named where it is not.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const wanted = [
  { package: 'chromium', present: () => existsSync('/usr/bin/chromium') },
  { package: 'dbus', present: () => onPath('dbus-run-session') },
  { package: 'gnome-keyring', present: () => onPath('gnome-keyring-daemon') },
  { package: 'fonts-dejavu-core', present: () => existsSync('/usr/share/fonts/truetype/dejavu') },
  { package: 'procps', present: () => onPath('ps') },
  { package: 'fish', present: () => onPath('fish') },
];

const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** What a real Electron under a virtual display needs besides. */
const wantedForDesktop = [
  { package: 'xvfb', present: () => onPath('Xvfb') },
  { package: 'xauth', present: () => onPath('xauth') },
  { package: 'unzip', present: () => onPath('unzip') },
  { package: 'libgtk-3-0', present: () => hasLibrary('libgtk-3.so.0') },
  { package: 'libnss3', present: () => hasLibrary('libnss3.so') },
  { package: 'libasound2', present: () => hasLibrary('libasound.so.2') },
  { package: 'libgbm1', present: () => hasLibrary('libgbm.so.1') },
  { package: 'libxss1', present: () => hasLibrary('libXss.so.1') },
];

const hasLibrary = (name) => spawnSync('sh', ['-c', `PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -qF ${name}`]).status === 0;

/** @returns {void} throws with the one command when something is missing and may not be installed */
export function installSystemPackages({ desktop = false } = {}) {
  if (process.platform !== 'linux') return;
  const missing = [...wanted, ...(desktop ? wantedForDesktop : [])].filter(({ present }) => !present()).map((entry) => entry.package);
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new Error(`The tests need programs that are not on this machine. Install them with:\n  sudo sh -c '${command}'`);
  }
  console.error(`[tollgate] installing ${missing.join(', ')} …`);
  execFileSync('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
