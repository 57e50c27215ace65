// Programs the tests drive: a real browser, a real keychain. Installed where that is allowed, named where it is not.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const wanted = [
  { package: 'chromium', present: () => existsSync('/usr/bin/chromium') },
  { package: 'dbus', present: () => onPath('dbus-run-session') },
  { package: 'gnome-keyring', present: () => onPath('gnome-keyring-daemon') },
  { package: 'fonts-dejavu-core', present: () => existsSync('/usr/share/fonts/truetype/dejavu') },
  { package: 'procps', present: () => onPath('ps') },
];

const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** @returns {void} throws with the one command when something is missing and may not be installed */
export function installSystemPackages() {
  if (process.platform !== 'linux') return;
  const missing = wanted.filter(({ present }) => !present()).map((entry) => entry.package);
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
