// A Debian package with dpkg-deb alone; electron-builder's own way fetches a tool from GitHub.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../setup.mjs';

const needs = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libnotify4',
  'libxss1',
  'libxtst6',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libgbm1',
  'libasound2 | libasound2t64',
  'libuuid1',
];
const sizes = [16, 32, 48, 128, 256, 512];

/**
 * @param {string} unpacked folder with the app
 * @param {string} folder where the package goes
 * @returns {string} its path
 */
export function makeDeb(unpacked, folder) {
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const target = join(folder, `tollgate_${version}_amd64.deb`);
  const tree = mkdtempSync(join(tmpdir(), 'tollgate-deb-'));
  try {
    cpSync(unpacked, join(tree, 'opt/Tollgate'), { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
    // Chromium's sandbox needs it where the kernel allows users no namespaces.
    chmodSync(join(tree, 'opt/Tollgate/chrome-sandbox'), 0o4755);
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    symlinkSync('/opt/Tollgate/tollgate-desktop', join(tree, 'usr/bin/tollgate-desktop'));
    for (const size of sizes) {
      place(tree, `usr/share/icons/hicolor/${size}x${size}/apps/tollgate.png`, null, join(root, `resources/icons/${size}x${size}.png`));
    }
    place(tree, 'usr/share/applications/tollgate.desktop', renderDesktopEntry(description));
    place(tree, 'usr/share/doc/tollgate/copyright', null, join(root, 'LICENSE'));
    place(tree, 'DEBIAN/control', renderControl(version, description, readSizeInKb(tree)));
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, target], { stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  return target;
}

function place(tree, path, text, from = null) {
  const target = join(tree, path);
  mkdirSync(dirname(target), { recursive: true });
  if (from === null) writeFileSync(target, text);
  else copyFileSync(from, target);
}

function readSizeInKb(tree) {
  return execFileSync('du', ['-sk', tree], { encoding: 'utf8' }).split('\t')[0];
}

function renderDesktopEntry(description) {
  return `[Desktop Entry]
Type=Application
Name=Tollgate
Comment=${description}
Exec=/opt/Tollgate/tollgate-desktop
Icon=tollgate
Terminal=false
Categories=Development;
StartupWMClass=Tollgate
`;
}

function renderControl(version, description, sizeInKb) {
  return `Package: tollgate
Version: ${version}
Architecture: amd64
Maintainer: Tollgate
Installed-Size: ${sizeInKb}
Section: utils
Priority: optional
Depends: ${needs.join(', ')}
Description: Local AI gateway
 ${description}
`;
}
